/** A format whose intake is measured. */
export interface MeasuredFeed {
  readonly title: string;
  readonly feed: string;
  readonly mediaType: string;
  /** Of a feed whose files are told apart by kind. */
  readonly part?: string;
  /** XML: the elements that are records. */
  readonly parser: 'csv' | 'ndjson' | { readonly elements: readonly string[] };
  readonly peer: string;
  /** Where the adapter is declared, under the checkout, and under which name. */
  readonly module: string;
  readonly exported: string;
}

const NDJSON = { mediaType: 'application/x-ndjson', parser: 'ndjson', peer: 'JSON.parse' } as const;
const CSV = { mediaType: 'text/csv', parser: 'csv', peer: 'csv-parse' } as const;
const NHS = { module: 'services/nhs-adapter/src/nhs.adapter.ts', exported: 'NHS_ADAPTER' };
const DWP = { module: 'services/dwp-adapter/src/dwp.adapter.ts', exported: 'DWP_ADAPTER' };

/** One of each format, in the order of the table. */
export const MEASURED_FEEDS: readonly MeasuredFeed[] = [
  {
    title: 'ILR, XML',
    feed: 'ilr',
    mediaType: 'application/xml',
    parser: { elements: ['Learner', 'LearnerDestinationandProgression'] },
    peer: 'saxes',
    module: 'services/college-adapter/src/college.adapter.ts',
    exported: 'COLLEGE_ADAPTER',
  },
  { title: 'RTOF baseline, CSV', feed: 'rtof', part: 'baseline', ...CSV, module: 'services/council-adapter/src/council.adapter.ts', exported: 'COUNCIL_ADAPTER' },
  { title: 'NHS referrals, CSV', feed: 'nhs-csv', ...CSV, ...NHS },
  { title: 'BaRS bundles, JSON', feed: 'bars', ...NDJSON, ...NHS },
  { title: 'DWP citizens and claims, JSON', feed: 'dwp-citizen', ...NDJSON, ...DWP },
  { title: 'HMRC real-time earnings, JSON', feed: 'hmrc-rti', ...NDJSON, ...DWP },
];
