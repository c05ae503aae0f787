import { join } from 'node:path';

import type { Life } from '../life.js';
import type { Place } from '../place.js';
import { randomOf } from '../random.js';
import { PayloadFile } from '../submission.js';
import type { DraftSubmission, PartnerView } from '../submission.js';
import type { Untidiness } from '../untidiness.js';
import { IlrDestinations } from './ilr-destinations.js';
import { IlrLearners } from './ilr-learner.js';
import { ILR_SNAPSHOTS } from './ilr-snapshots.js';
import { ILR_TAIL, ilrDestinationsXml, ilrHead, ilrLearnerXml } from './ilr-xml.js';

/** Every college's ILR returns of the story's two years and the last of the year before; one that tells of nobody is not made. */
export function collegeView(directory: string, seed: string, place: Place, untidiness: Untidiness): PartnerView<Life> {
  const learners = new IlrLearners(seed, place, untidiness);
  const destinations = new IlrDestinations(seed, untidiness);
  const repeats = randomOf(seed, 'ilr repeats');
  const returns = place.colleges.flatMap(({ ukprn }) =>
    ILR_SNAPSHOTS.map((snapshot) => {
      const day = snapshot.prepared.replaceAll('-', '');
      const name = `ILR-${ukprn}-${snapshot.year}-${day}-173000-${String(snapshot.serial).padStart(2, '0')}.xml`;
      const payload = new PayloadFile(directory, join('college', name).replaceAll('\\', '/'));
      payload.write(ilrHead(ukprn, snapshot));
      // They come after all learners.
      const left: string[] = [];
      return { ukprn, snapshot, payload, left };
    }),
  );
  return {
    see: (life) => {
      for (const { ukprn, snapshot, payload, left } of returns) {
        const gone = destinations.view(life, ukprn, snapshot);
        if (gone !== null) left.push(ilrDestinationsXml(gone));
        const learner = learners.view(life, ukprn, snapshot);
        if (learner === null) continue;
        payload.record(ilrLearnerXml(learner));
        if (repeats.chance(untidiness.repeated)) payload.record(ilrLearnerXml(learner));
      }
    },
    finish: () =>
      returns.flatMap(({ snapshot, payload, left }): DraftSubmission[] => {
        for (const each of left) payload.record(each);
        payload.write(ILR_TAIL);
        if (!payload.closeUnlessEmpty()) return [];
        return [{ file: payload.file, deployment: 'college', feed: 'ilr', part: null, asOf: null, programme: null, fullExtract: false, mediaType: 'application/xml', due: snapshot.prepared }];
      }),
  };
}
