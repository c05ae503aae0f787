import { plusDays } from '../calendar.js';
import { STORY_ENDS } from '../lives.js';
import type { Life, Programme, Referral } from '../life.js';
import { randomOf } from '../random.js';
import { PayloadFile } from '../submission.js';
import type { DraftSubmission, PartnerView } from '../submission.js';
import type { Untidiness } from '../untidiness.js';
import { barsBundle, fhirXml } from './bars-message.js';
import type { BarsMessage } from './bars-message.js';
import { mistypedNhsNumber, registered } from './patients.js';

/** Of so many messages one is sent by itself, in turn as JSON and as XML; the rest go by the month. */
const ALONE_OF = 40;
/** Singles are for show; beyond this many all go by the month, however many people there are. */
const MOST_ALONE = 120;

const instant = (day: string, minute: number): string =>
  `${day}T${String(8 + (Math.floor(minute / 60) % 10)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00+00:00`;

/** Referrals as practices send them over BaRS, with their updates, revocations and deletions. */
export function barsView(directory: string, seed: string, untidiness: Untidiness): PartnerView<Life> {
  const months = new Map<string, { readonly payload: PayloadFile; readonly programme: Programme; readonly month: string }>();
  const singles: DraftSubmission[] = [];
  let sent = 0;

  const send = (message: BarsMessage, programme: Programme): void => {
    const bundle = barsBundle(message);
    const day = message.timestamp.slice(0, 10);
    sent += 1;
    if (sent % ALONE_OF === 0 && singles.length < MOST_ALONE) {
      const xml = singles.length % 2 === 1;
      const payload = new PayloadFile(directory, `nhs/bars/message-${String(singles.length + 1).padStart(4, '0')}.${xml ? 'xml' : 'json'}`);
      payload.write(xml ? fhirXml(bundle) : `${JSON.stringify(bundle)}\n`);
      payload.close();
      singles.push({
        ...draft(payload.file, xml ? 'application/fhir+xml' : 'application/fhir+json', day, programme),
        refusedWhole: message.event !== 'servicerequest-request',
      });
      return;
    }
    const month = day.slice(0, 7);
    const key = `${month}-${programme}`;
    const found = months.get(key) ?? { payload: new PayloadFile(directory, `nhs/bars/${key}.ndjson`), programme, month };
    months.set(key, found);
    found.payload.record(`${JSON.stringify(bundle)}\n`);
  };

  return {
    see: (life) => {
      if (life.referral?.channel !== 'bars') return;
      const random = randomOf(seed, 'bars', life.person);
      for (const message of messagesOf(life, life.referral, seed, untidiness)) {
        send(message, life.referral.programme);
        if (random.chance(untidiness.resent)) send(message, life.referral.programme);
      }
    },
    finish: () => [
      ...singles,
      ...[...months.values()].map(({ payload, programme, month }) => {
        payload.close();
        return draft(payload.file, 'application/x-ndjson', plusDays(`${month}-28`, 5), programme);
      }),
    ],
  };
}

const draft = (file: string, mediaType: string, due: string, programme: Programme): DraftSubmission => ({
  file, deployment: 'nhs', feed: 'bars', part: null, asOf: null, programme, fullExtract: false, mediaType, due,
});

/** Everything that is ever said of one referral, in the order in which it was written. */
function messagesOf(life: Life, referral: Referral, seed: string, untidiness: Untidiness): BarsMessage[] {
  const random = randomOf(seed, 'bars messages', life.person);
  const patient = registered(life, referral.date, seed, untidiness);
  const minute = random.between(0, 599);
  const loose = random.chance(0.3);
  const message = (number: number, day: string, change: Partial<BarsMessage>): BarsMessage => ({
    key: `${seed} ${life.person} ${number}`,
    // A minute a message, so that no two of one referral have the same clock.
    timestamp: instant(day, minute + number),
    event: 'servicerequest-request',
    reason: 'new',
    status: 'active',
    authoredOn: instant(referral.date, minute),
    caseNumber: referral.caseNumber,
    sender: referral.from,
    service: referral.to,
    patient,
    loose,
    ...change,
  });
  const messages: BarsMessage[] = [];
  if (random.chance(untidiness.correctedLater) && patient.nhsNumber !== null) {
    messages.push(
      message(0, referral.date, { patient: { ...patient, nhsNumber: mistypedNhsNumber(patient.nhsNumber) } }),
      message(1, plusDays(referral.date, 1), { reason: 'update' }),
    );
  } else if (random.chance(untidiness.malformed)) {
    messages.push(message(0, referral.date, random.pick([{ authoredOn: null }, { patient: null }, { sender: '' }])));
  } else messages.push(message(0, referral.date, {}));
  if (referral.revokedOn !== null) messages.push(message(2, referral.revokedOn, { reason: 'update', status: 'revoked' }));
  else if (random.chance(0.15)) {
    const day = plusDays(referral.date, random.between(20, 90));
    if (day <= STORY_ENDS) messages.push(message(2, day, { reason: 'update', status: 'completed' }));
    // An answer to a referral, sent to where referrals are meant to go.
    if (day <= STORY_ENDS && random.chance(untidiness.malformed * 4)) messages.push(message(3, day, { event: 'servicerequest-response' }));
  }
  // Somebody else's referral entered for this person by mistake, and taken back: by status, or by a deletion that may come first.
  if (random.chance(untidiness.gone)) {
    const mistake = { caseNumber: `${referral.caseNumber}X` };
    const taken = random.chance(0.5) ? ({ reason: 'delete' } as const) : ({ reason: 'update', status: 'entered-in-error' } as const);
    const [made, withdrawn] = [message(4, referral.date, mistake), message(5, plusDays(referral.date, 2), { ...mistake, ...taken })];
    messages.push(...(random.chance(0.5) ? [made, withdrawn] : [withdrawn, made]));
  }
  return messages;
}
