import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { changed, conformanceSuite } from '@throughline/adapter-kit/testing';
import type { ExampleSubmission } from '@throughline/adapter-kit/testing';
import type { FaultCode, RefusalCode } from '@throughline/adapter-kit';
import { DWP_ADAPTER } from './dwp.adapter.js';

const example = (name: string): string => readFileSync(new URL(`../examples/${name}`, import.meta.url), 'utf8');
const CITIZENS = example('dwp-citizen.ndjson');
const ANSWERS = example('hmrc-rti.ndjson');
const lineOf = (file: string, number: number): string => file.split('\n')[number - 1] ?? '';
const CITIZEN = lineOf(CITIZENS, 1);
const ANSWER = lineOf(ANSWERS, 1);

type Feed = 'dwp-citizen' | 'hmrc-rti';
const DOCUMENTS: Readonly<Record<Feed, string>> = { 'dwp-citizen': CITIZEN, 'hmrc-rti': ANSWER };

const submission = (feed: Feed, title: string, content: string, mediaType = 'application/json'): ExampleSubmission => ({ title: `${feed}: ${title}`, feed, mediaType, content });
const lines = (feed: Feed, title: string, ...documents: readonly string[]): ExampleSubmission => submission(feed, title, `${documents.join('\n')}\n`, 'application/x-ndjson');
const whole = (feed: Feed, title: string, code: RefusalCode, from: string | RegExp, to: string) => ({ ...submission(feed, title, changed(DOCUMENTS[feed], from, to)), code });
const alone = (feed: Feed, title: string, code: FaultCode, from: string | RegExp, to: string) => ({ ...submission(feed, title, changed(DOCUMENTS[feed], from, to)), codes: { 1: code } });

// A month on: the end of the claim has moved, and a payment is no longer linked.
const CITIZEN_LATER = changed(changed(CITIZEN, '2026-05-01T08:00:00Z', '2026-06-01T08:00:00Z'), '"endDate": "2025-12-02"', '"endDate": "2025-11-30"');
const ANSWER_LATER = changed(changed(ANSWER, '2026-01-08T09:00:00Z', '2026-02-08T09:00:00Z'), '"uniquePaymentId": 880002', '"uniquePaymentId": 880002, "paymentNoLongerValid": "2026-02-01"');
// The last pay turns out to be for days worked.
const ANSWER_UNMARKED = changed(changed(ANSWER, '2026-01-08T09:00:00Z', '2026-03-08T09:00:00Z'), '"paymentAfterLeaving": "Y", ', '');

conformanceSuite(DWP_ADAPTER, {
  good: [
    { ...submission('dwp-citizen', 'citizens', CITIZENS, 'application/x-ndjson'), expected: { received: 3, published: 2, skipped: 0, refused: 1 } },
    { ...submission('dwp-citizen', 'a citizen a month on', CITIZEN_LATER), expected: { received: 1, published: 1, skipped: 0, refused: 0 } },
    // Nothing else of the claim is new, and who the citizen is does not depend on when they were asked about.
    { ...submission('dwp-citizen', 'the same a day later', changed(CITIZEN_LATER, '2026-06-01', '2026-06-02')), expected: { received: 1, published: 0, skipped: 1, refused: 0 } },
    { ...submission('hmrc-rti', 'answers', ANSWERS, 'application/x-ndjson'), expected: { received: 2, published: 1, skipped: 1, refused: 0 } },
    { ...submission('hmrc-rti', 'an answer a month on', ANSWER_LATER), expected: { received: 1, published: 0, skipped: 1, refused: 0 } },
    { ...submission('hmrc-rti', 'an answer whose last pay is no longer marked', ANSWER_UNMARKED), expected: { received: 1, published: 1, skipped: 0, refused: 0 } },
  ],
  badSubmissions: [
    whole('dwp-citizen', 'the other feed’s envelope', 'not-this-format', 'dwp-citizen/1', 'hmrc-rti/1'),
    { ...submission('dwp-citizen', 'documents without an envelope', '{"data": []}'), code: 'not-this-format' },
    whole('dwp-citizen', 'broken off', 'truncated', /"awards".*$/, ''),
    whole('dwp-citizen', 'no JSON', 'malformed', '"asOf":', 'asOf:'),
    { ...submission('dwp-citizen', 'two documents as one', `${CITIZEN}\n${CITIZEN}`), code: 'malformed' },
    { ...submission('dwp-citizen', 'nested without end', changed(CITIZEN, '"awards": [', `"deep": ${'['.repeat(200)}${']'.repeat(200)}, "awards": [`)), code: 'too-deep' },
    { ...submission('dwp-citizen', 'another encoding', ''), content: Buffer.from(CITIZEN, 'utf16le'), code: 'wrong-encoding' },
    { ...submission('dwp-citizen', 'nothing', ''), code: 'empty' },
    { ...lines('dwp-citizen', 'the last line broken off', CITIZEN), content: `${lineOf(CITIZENS, 2)}\n${CITIZEN.slice(0, 700)}`, code: 'truncated' },
    { ...submission('dwp-citizen', 'an instant that the envelope has itself', CITIZEN), asOf: '2026-05-01T00:00:00Z', code: 'unknown-parameter' },
    { ...submission('dwp-citizen', 'a claim to be everything', CITIZEN), fullExtract: 'true', code: 'unknown-parameter' },
    whole('hmrc-rti', 'another version of the envelope', 'not-this-format', 'hmrc-rti/1', 'hmrc-rti/2'),
    whole('hmrc-rti', 'broken off', 'truncated', /"response".*$/, ''),
    { ...submission('hmrc-rti', 'a list of envelopes', `[${ANSWER}]`), code: 'not-this-format' },
    { ...submission('hmrc-rti', 'in Latin-1', ''), content: Buffer.from(changed(ANSWER, 'Thistledown', 'Café'), 'latin1'), code: 'wrong-encoding' },
  ],
  badRecords: [
    alone('dwp-citizen', 'no instant', 'missing-field', '"asOf": "2026-05-01T08:00:00Z", ', ''),
    alone('dwp-citizen', 'an instant that is a day', 'bad-date', '2026-05-01T08:00:00Z', '2026-05-01'),
    alone('dwp-citizen', 'no number', 'missing-field', '"nino": "JX402917B", ', ''),
    alone('dwp-citizen', 'a number that is none', 'identifier-check-failed', 'JX402917B', 'ZZ402917B'),
    alone('dwp-citizen', 'no list of claims', 'missing-field', /"data": \[.*\]/, '"data": null'),
    alone('dwp-citizen', 'a benefit in words', 'bad-format', '"benefitType": "universal_credit"', '"benefitType": "Universal Credit"'),
    alone('dwp-citizen', 'a month for a start', 'bad-date', '"startDate": "2025-09-03", "status"', '"startDate": "2025-09", "status"'),
    alone('dwp-citizen', 'a reason in words', 'bad-code', 'customer_request', 'Orla Quillfeather asked'),
    alone('dwp-citizen', 'pay in pounds', 'bad-number', '41250', '412.50'),
    {
      ...lines('dwp-citizen', 'several among good ones', CITIZEN, '{"type": "throughline.dwp-citizen/1"', lineOf(CITIZENS, 2), CITIZEN, ANSWER),
      codes: { 2: 'bad-format', 4: 'duplicate-record', 5: 'bad-code' } as const,
    },
    alone('hmrc-rti', 'no first day asked for', 'missing-field', '"fromDate": "2025-09-01", ', ''),
    alone('hmrc-rti', 'a last day that is none', 'bad-date', '2026-04-30', '30/04/2026'),
    alone('hmrc-rti', 'another person’s payment', 'conflicting-fields', '"nationalInsuranceNumber": "JX402917B"', '"nationalInsuranceNumber": "LN118204C"'),
    alone('hmrc-rti', 'no employer', 'missing-field', '"employerPayeRef": "321/TB9", ', ''),
    alone('hmrc-rti', 'a payment date that does not exist', 'bad-date', '2025-11-28', '2025-11-31'),
    alone('hmrc-rti', 'pay with a currency', 'bad-number', '1012.55', '"£1012.55"'),
    alone('hmrc-rti', 'an unknown hours band', 'bad-code', 'Worked": "C"', 'Worked": "F"'),
    { ...lines('hmrc-rti', 'one answer twice', ANSWER, lineOf(ANSWERS, 2), ANSWER), codes: { 3: 'duplicate-record' } as const },
  ],
  identifiers: [
    ...['JX402917B', 'LN118204C', 'QQ123456C', 'ZZ402917B', 'JX402917'],
    ...['Orla', 'Quillfeather', 'Tobias', 'Marchbank', 'Wren', 'Fallowfield'],
    ...['1991-04-12', '1984-11-30', '1999-01-02', 'ZA1 1AA', 'ZA1 1AB'],
    ...['b7c1f0aa5d', 'Thistledown', '321/TB9', '880001'],
  ],
  docsPage: fileURLToPath(new URL('../../../docs/partners/dwp.md', import.meta.url)),
});
