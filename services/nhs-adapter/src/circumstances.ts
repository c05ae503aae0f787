import { defaultBody } from '@throughline/event-contracts';
import type { FactDraft, MappingContext } from '@throughline/adapter-kit';

/**
 * When a patient was born and where they live, as of a date; none where neither is known.
 * @param birthDate ISO day, month or year: a year alone leaves the month unsaid.
 */
export function statedCircumstances(
  naturalKey: readonly string[],
  occurredOn: string,
  birthDate: string | null,
  postcode: string | null,
  context: MappingContext,
): readonly FactDraft[] {
  const home = postcode === null ? null : context.locate(postcode);
  if (birthDate === null && home === null) return [];
  return [
    {
      type: 'CircumstancesReported',
      naturalKey,
      occurredOn,
      body: {
        ...defaultBody('CircumstancesReported'),
        birthYear: birthDate === null ? null : Number(birthDate.slice(0, 4)),
        birthMonth: birthDate === null || birthDate.length < 7 ? null : Number(birthDate.slice(5, 7)),
        ...home,
      },
    },
  ];
}
