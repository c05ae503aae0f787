import { LINK_DECISION_REASON_SYMBOLS } from '@throughline/event-contracts';
import { lookAlikeOf } from '@throughline/identity';
import { z } from 'zod';
import { MOST_SUBJECTS_OF_A_DECISION } from '../decisions/decision-words.js';

const REASONS = LINK_DECISION_REASON_SYMBOLS.filter((reason) => reason !== 'UNKNOWN');

const SUBJECT_EXPECTED = 'a subject: 32 hexadecimal digits, as the list of conflicts names them';
const subject = z
  .string(SUBJECT_EXPECTED)
  .regex(/^[0-9a-f]{32}$/, SUBJECT_EXPECTED)
  .transform((text) => Buffer.from(text, 'hex'));
const subjects = z.array(subject).max(MOST_SUBJECTS_OF_A_DECISION, `at most ${MOST_SUBJECTS_OF_A_DECISION} subjects`);

const BY_EXPECTED = 'a name for an operator: 2 to 64 lower-case letters, digits, ".", "_" and "-", a letter first, and nothing like a person\'s number';
/** Nothing but words: what an operator writes of a case may hold no value of a record. */
const NOTE_EXPECTED = 'a few words: at most 200 lower-case letters, digits, spaces, "." and "-", and nothing like a person\'s number, telephone, postcode or date';

const words = {
  by: z
    .string(BY_EXPECTED)
    .regex(/^[a-z][a-z0-9._-]{1,63}$/, BY_EXPECTED)
    .refine((text) => lookAlikeOf(text) === null, BY_EXPECTED),
  reason: z.enum(REASONS, `one of ${REASONS.join(', ')}`),
  note: z
    .string(NOTE_EXPECTED)
    .regex(/^[a-z0-9][a-z0-9 .-]{0,199}$/, NOTE_EXPECTED)
    .refine((text) => lookAlikeOf(text) === null, NOTE_EXPECTED)
    .optional(),
};

const whom = {
  kind: z.enum(['SPLIT', 'JOIN'], 'SPLIT or JOIN'),
  subjects,
  /** Of a split; absent: everybody else of the participants that the subjects are. */
  apartFrom: subjects.optional(),
};

/** Whom a decision would be about. */
export const PREVIEW_REQUEST = z.strictObject(whom, 'kind, subjects and apartFrom');
/** A decision. */
export const DECISION_REQUEST = z.strictObject({ ...whom, ...words }, 'kind, subjects, apartFrom, by, reason and note');
/** Taking one back. */
export const WITHDRAWAL_REQUEST = z.strictObject(words, 'by, reason and note');

export type PreviewRequest = z.infer<typeof PREVIEW_REQUEST>;
export type DecisionRequest = z.infer<typeof DECISION_REQUEST>;
export type WithdrawalRequest = z.infer<typeof WITHDRAWAL_REQUEST>;
