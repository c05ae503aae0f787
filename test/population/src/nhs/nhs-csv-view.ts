import type { Day } from '../calendar.js';
import { csvLine } from '../csv.js';
import type { Life } from '../life.js';
import { randomOf } from '../random.js';
import { PayloadFile } from '../submission.js';
import type { PartnerView } from '../submission.js';
import type { Untidiness } from '../untidiness.js';
import { registered } from './patients.js';

const COLUMNS = ['row_reference', 'event', 'date', 'nhs_number', 'first_name', 'last_name', 'date_of_birth', 'postcode', 'from_ods', 'to_service', 'programme', 'status'];

/** Extracts of everything so far, which later ones replace, and lists of what is new that month. */
const EXTRACTS: readonly { readonly asOf: Day; readonly full: boolean; readonly from: Day }[] = [
  { asOf: '2025-07-01', full: true, from: '2025-01-01' },
  { asOf: '2025-10-01', full: false, from: '2025-07-01' },
  { asOf: '2026-01-05', full: true, from: '2025-01-01' },
  { asOf: '2026-04-01', full: false, from: '2026-01-05' },
  { asOf: '2026-06-29', full: true, from: '2025-01-01' },
];

interface Row {
  readonly reference: string;
  readonly event: 'referral' | 'support_start';
  readonly date: Day;
  readonly status: string;
}

/** Referrals and support starts of services that have no BaRS. */
export function nhsCsvView(directory: string, seed: string, untidiness: Untidiness): PartnerView<Life> {
  const files = EXTRACTS.map((extract, index) => {
    const payload = new PayloadFile(directory, `nhs/referrals-${extract.asOf}.csv`);
    payload.write(`\ufeff${COLUMNS.join(',')}\r\n`);
    return { ...extract, index, payload };
  });
  return {
    see: (life) => {
      const { referral, support } = life;
      if (referral === null) return;
      const slips = randomOf(seed, 'nhs csv', life.person);
      const [malformed, wrongDate, mistaken] = [slips.chance(untidiness.malformed), slips.chance(untidiness.correctedLater), slips.chance(untidiness.gone / 2)];
      const rightFrom = slips.between(1, 4);
      let mistakenIn: number | null = null;
      for (const { asOf, from, index, payload } of files) {
        const revoked = referral.revokedOn !== null && referral.revokedOn < asOf;
        const mistake = mistaken && referral.date >= from && referral.date < asOf && mistakenIn === null;
        if (mistake) mistakenIn = index;
        // Taken back by name in the next file, or only left out of the next full extract.
        const takenBack = mistakenIn === index - 1 && life.person % 2 === 0;
        const rows: Row[] = [
          ...(referral.channel === 'csv' ? [{ reference: referral.caseNumber, event: 'referral', date: referral.date, status: revoked ? 'revoked' : 'active' } as const] : []),
          ...(support !== null && support.provider !== 'council' ? [{ reference: `S${referral.caseNumber.slice(1)}`, event: 'support_start', date: support.date, status: '' } as const] : []),
          ...(mistake || takenBack ? [{ reference: `E${referral.caseNumber.slice(1)}`, event: 'referral', date: referral.date, status: takenBack ? 'entered-in-error' : 'Active' } as const] : []),
        ];
        for (const row of rows) {
          const news = row.date >= from && row.date < asOf;
          const revokedSince = revoked && referral.revokedOn >= from && row.status === 'revoked' && row.date < asOf;
          if (!news && !revokedSince && row.status !== 'entered-in-error') continue;
          const patient = registered(life, row.date, seed, untidiness);
          const wrong = index < rightFrom;
          const date = malformed && wrong ? '31/12/2025' : wrongDate && wrong && row.event === 'support_start' ? `${row.date.slice(0, 8)}01` : row.date;
          const line = csvLine([
            row.reference, row.event, date, patient.nhsNumber === null ? null : `${patient.nhsNumber.slice(0, 3)} ${patient.nhsNumber.slice(3, 6)} ${patient.nhsNumber.slice(6)}`,
            patient.given, patient.family, patient.birthDate, patient.postcode, referral.from, referral.to, referral.programme, row.status,
          ]);
          payload.record(line);
          if (slips.chance(untidiness.repeated)) payload.record(line);
        }
      }
    },
    finish: () =>
      files.map(({ asOf, full, payload }) => {
        payload.close();
        return { file: payload.file, deployment: 'nhs', feed: 'nhs-csv', part: null, asOf: `${asOf}T06:00:00Z`, programme: null, fullExtract: full, mediaType: 'text/csv', due: asOf } as const;
      }),
  };
}
