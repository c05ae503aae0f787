/** How untidy the partners' files are. `perfect`: every record right, once, in time; `ordinary`: as met; `untidy`: bad. */
export const UNTIDINESS_LEVELS = ['perfect', 'tidy', 'ordinary', 'untidy'] as const;
export type UntidinessLevel = (typeof UNTIDINESS_LEVELS)[number];

/** Shares, 0 to 1, of the records or files that have each fault. */
export interface Untidiness {
  /** A name spelled with other accents, case or apostrophe: the canonical form brings it back. */
  readonly respelled: number;
  /** A name or date of birth mistyped or shortened: nothing brings it back. */
  readonly misspelled: number;
  /** A number or postcode left out. */
  readonly missingIdentifier: number;
  /** The number that an ILR carries for whoever has no unique learner number yet. */
  readonly temporaryUln: number;
  /** An identifier that fails its own check. */
  readonly wrongCheck: number;
  /** An identifier that passes its check and is another's or nobody's. */
  readonly mistyped: number;
  /** Of those who have a twin or a family: the number of one of them. */
  readonly relatives: number;
  /** The letter O for a 0 in a National Insurance number: its format does not have it. */
  readonly letterForDigit: number;
  /** First name and surname in each other's place. */
  readonly swapped: number;
  /** Of the families whose post goes to a shop: the shop's postcode for the home's. */
  readonly shopPostcode: number;
  /** A date or record wrong in one file and right in the next. */
  readonly correctedLater: number;
  /** A payment under a wrong day in one answer, put right in one that asked about other days. */
  readonly redated: number;
  /** A record that has to be refused. */
  readonly malformed: number;
  /** The same record twice in one file. */
  readonly repeated: number;
  /** A person in one snapshot who should not have been, and is gone from the next. */
  readonly gone: number;
  /** A file that arrives after later ones. */
  readonly late: number;
  /** A file that arrives twice. */
  readonly resent: number;
}

const level = (share: number): Untidiness => ({
  respelled: share * 3,
  misspelled: share,
  missingIdentifier: share * 2,
  temporaryUln: share * 2,
  wrongCheck: share / 2,
  mistyped: share / 4,
  relatives: share * 3,
  letterForDigit: share / 2,
  swapped: share / 2,
  shopPostcode: share * 15,
  correctedLater: share * 1.5,
  redated: share * 6,
  malformed: share / 2,
  repeated: share / 3,
  gone: share / 2,
  late: share * 4,
  resent: share * 3,
});

export const UNTIDINESS: Readonly<Record<UntidinessLevel, Untidiness>> = {
  perfect: level(0),
  tidy: level(0.005),
  ordinary: level(0.02),
  untidy: level(0.06),
};
