/** What decides who is held to be one person, as data: a change is a new version, and asks for a rebuild of the link index. */
export interface LinkingRules {
  readonly version: string;
  /** An identifier in force for more subjects than this is nobody's: it neither joins nor contradicts. */
  readonly mostSubjectsPerToken: { readonly value: number; readonly unit: 'subjects'; readonly meaning: string; readonly citation: string; readonly verified: boolean };
}

/** First rule set. */
export const LINKING_RULES_2026_1: LinkingRules = {
  version: '2026.1',
  mostSubjectsPerToken: {
    value: 100,
    unit: 'subjects',
    meaning:
      'A person is a subject once in each source, and once for each of its cases where a source knows cases only. What more subjects than this share was typed to fill a field.',
    citation: 'Our own working rule; no guidance that we could read states one.',
    verified: false,
  },
};
