import type { FieldDeclaration } from '@throughline/adapter-kit';
import { PROGRAMMES } from './partner-file.js';

/** The columns, all in the header, in any order. */
export const NHS_CSV_FIELDS: readonly FieldDeclaration[] = [
  { path: 'row_reference', meaning: "the sender's own reference of the row, kept when the row is sent again", required: true, feeds: ['meta.subject'] },
  {
    path: 'event',
    meaning: 'what the row reports',
    required: true,
    feeds: [],
    codes: [
      { code: 'referral', meaning: 'ReferralMade: a person was referred' },
      { code: 'support_start', meaning: 'SupportStarted: a person started on a programme' },
    ],
  },
  { path: 'date', meaning: 'day it happened', required: true, feeds: ['meta.occurredOn'] },
  { path: 'nhs_number', meaning: 'identifies', required: false, feeds: ['SubjectIdentified.identifiers'] },
  { path: 'first_name', meaning: 'identifies; its first word', required: false, feeds: ['SubjectIdentified.identifiers'] },
  { path: 'last_name', meaning: 'identifies', required: false, feeds: ['SubjectIdentified.identifiers'] },
  { path: 'date_of_birth', meaning: 'identifies; year and month are stated', required: false, feeds: ['SubjectIdentified.identifiers', 'CircumstancesReported.birthYear', 'CircumstancesReported.birthMonth'] },
  { path: 'postcode', meaning: 'home on that day', required: false, feeds: ['SubjectIdentified.identifiers', 'CircumstancesReported.district', 'CircumstancesReported.ward'] },
  { path: 'from_ods', meaning: 'ODS code of the organisation that refers', required: true, feeds: ['meta.subject', 'ReferralMade.fromOrganisation'] },
  { path: 'to_service', meaning: 'service referred to or starting', required: false, feeds: ['ReferralMade.toService', 'SupportStarted.provider'] },
  { path: 'programme', meaning: "programme; empty: the submission's", required: false, feeds: ['meta.programme'], codes: PROGRAMMES.map(({ id, name }) => ({ code: id, meaning: name })) },
  {
    path: 'status',
    meaning: 'status now, in any case; empty: active. A support start is active, completed or entered-in-error',
    required: false,
    feeds: ['ReferralMade.status'],
    codes: [
      { code: 'active', meaning: 'ACTIVE: made' },
      { code: 'completed', meaning: 'COMPLETED: dealt with' },
      { code: 'revoked', meaning: 'REVOKED: cancelled, stays stated but is not counted' },
      { code: 'on-hold', meaning: 'ON_HOLD: paused' },
      { code: 'draft', meaning: 'DRAFT: not made yet, stated but not counted' },
      { code: 'entered-in-error', meaning: 'takes back what was stated: it never was' },
    ],
  },
];
