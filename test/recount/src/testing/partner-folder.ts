import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { SentFile } from '../manifest.js';

const DEPLOYMENTS: Readonly<Record<string, string>> = { bars: 'nhs', 'nhs-csv': 'nhs', ilr: 'college', 'dwp-citizen': 'dwp', 'hmrc-rti': 'dwp', rtof: 'council', nccis: 'council' };

/** A folder of partners' files made by hand. */
export class PartnerFolder {
  readonly directory = mkdtempSync(join(tmpdir(), 'recount-'));
  readonly #lines: string[] = [];

  send(feed: string, text: string, sent: Partial<SentFile> = {}): this {
    const file = `${feed}/${this.#lines.length + 1}`;
    const path = join(this.directory, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    const entry: SentFile = { file, deployment: DEPLOYMENTS[feed] ?? feed, feed, part: null, asOf: null, programme: null, fullExtract: false, mediaType: 'application/x-ndjson', ...sent };
    this.#lines.push(JSON.stringify(entry));
    writeFileSync(join(this.directory, 'manifest.jsonl'), this.#lines.map((line) => `${line}\n`).join(''));
    return this;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export interface IlrLearner {
  readonly ref: string;
  readonly uln?: string;
  readonly nino?: string;
  readonly family?: string;
  readonly given?: string;
  readonly born?: string;
  readonly postcode?: string;
  readonly health?: string;
  readonly learning?: readonly (readonly [aim: string, start: string, end?: string])[];
  /** Status, date, employer. */
  readonly statuses?: readonly (readonly [code: string, date: string, employer?: string])[];
}

const learnerXml = (learner: IlrLearner): string =>
  `<Learner><LearnRefNumber>${learner.ref}</LearnRefNumber><ULN>${learner.uln ?? '9999999999'}</ULN><FamilyName>${learner.family ?? 'Doe'}</FamilyName>` +
  `<GivenNames>${learner.given ?? 'Jo'}</GivenNames><DateOfBirth>${learner.born ?? '1990-03-14'}</DateOfBirth><LLDDHealthProb>${learner.health ?? '9'}</LLDDHealthProb>` +
  (learner.nino === undefined ? '' : `<NINumber>${learner.nino}</NINumber>`) +
  `<PostcodePrior>ZZ99 9ZZ</PostcodePrior><Postcode>${learner.postcode ?? 'ZA1 1AA'}</Postcode>` +
  (learner.statuses ?? [])
    .map(
      ([code, date, employer]) =>
        `<LearnerEmploymentStatus><EmpStat>${code}</EmpStat><DateEmpStatApp>${date}</DateEmpStatApp>${employer === undefined ? '' : `<EmpId>${employer}</EmpId>`}` +
        `${code === '10' ? '<EmploymentStatusMonitoring><ESMType>EII</ESMType><ESMCode>7</ESMCode></EmploymentStatusMonitoring>' : ''}</LearnerEmploymentStatus>`,
    )
    .join('') +
  (learner.learning ?? [['AIM00001', '2025-09-08']])
    .map(([aim, start, end]) => `<LearningDelivery><LearnAimRef>${aim}</LearnAimRef><LearnStartDate>${start}</LearnStartDate><CompStatus>${end === undefined ? 1 : 2}</CompStatus>${end === undefined ? '' : `<LearnActEndDate>${end}</LearnActEndDate>`}</LearningDelivery>`)
    .join('') +
  '</Learner>';

/** Type, code, start, day of asking, end. */
export type IlrOutcome = readonly [type: string, code: string, start: string, collected: string, end?: string];

const leftXml = ([ref, ...outcomes]: readonly [ref: string, ...IlrOutcome[]]): string =>
  `<LearnerDestinationandProgression><LearnRefNumber>${ref}</LearnRefNumber><ULN>9999999999</ULN>` +
  outcomes
    .map(([type, code, start, collected, end]) => `<DPOutcome><OutType>${type}</OutType><OutCode>${code}</OutCode><OutStartDate>${start}</OutStartDate>${end === undefined ? '' : `<OutEndDate>${end}</OutEndDate>`}<OutCollDate>${collected}</OutCollDate></DPOutcome>`)
    .join('') +
  '</LearnerDestinationandProgression>';

/** An ILR return of one provider for 2023-24: learners, and what became of those who left. */
export const olderIlr = (dateTime: string, learners: readonly IlrLearner[], left: readonly (readonly [ref: string, ...IlrOutcome[]])[]): string =>
  ilr(dateTime, learners).replace('2025-26', '2023-24').replace('>2526<', '>2324<').replace('</Message>', `${left.map(leftXml).join('')}</Message>`);

/** An ILR return of one provider for 2025-26. */
export const ilr = (dateTime: string, learners: readonly IlrLearner[]): string =>
  '<?xml version="1.0"?><Message xmlns="ESFA/ILR/2025-26"><Header><CollectionDetails><Collection>ILR</Collection><Year>2526</Year></CollectionDetails>' +
  `<Source><UKPRN>10990001</UKPRN><SerialNo>01</SerialNo><DateTime>${dateTime}</DateTime></Source></Header><LearningProvider><UKPRN>10990001</UKPRN></LearningProvider>` +
  `${learners.map(learnerXml).join('')}</Message>`;

export interface Payment {
  readonly id: number;
  readonly date: string;
  readonly pay?: number;
  readonly leaving?: boolean;
  readonly ended?: string;
}

/** An HMRC envelope about one employment. */
export const rti = (nino: string, started: string | null, payments: readonly Payment[], window: readonly [from: string, to: string] = ['2025-01-01', '2026-12-31'], receipt?: string): string =>
  `${JSON.stringify({
    type: 'throughline.hmrc-rti/1',
    request: { nino, serviceName: 'spec', fromDate: window[0], toDate: window[1], surname: 'Doe', filterFields: [] },
    response: {
      matchPattern: 63,
      taxYears: payments.map(({ id, date, pay, leaving, ended }) => ({
        employerPayeRef: 'Z1', uniqueEmploymentSequenceNumber: 1, uniquePaymentId: id, paymentDate: date, taxablePayInPeriod: pay ?? 900.5,
        hmrcReceiptTimestamp: receipt ?? `${date}T10:00:00Z`, ...(started === null ? {} : { employmentStartDate: started }), ...(leaving === true ? { paymentAfterLeaving: 'Y' } : {}), ...(ended === undefined ? {} : { employmentEndDate: ended }),
      })),
    },
  })}\n`;

/** A DWP envelope about one person with one claim. */
export const dwp = (asOf: string, nino: string, claim: { readonly start: string; readonly end?: string; readonly postcode?: string } | null, born = '1990-03-14'): string =>
  `${JSON.stringify({
    type: 'throughline.dwp-citizen/1',
    asOf,
    request: {},
    match: { data: { type: 'Match', attributes: { lastName: 'Doe', dateOfBirth: born, postcode: claim?.postcode } } },
    citizen: { data: { attributes: { nino, name: { firstName: 'Jo', lastName: 'Doe' }, dateOfBirth: { date: born } } } },
    claims: {
      data: claim === null ? [] : [{ type: 'Claim', attributes: { benefitType: 'universal_credit', startDate: claim.start, awards: [{ startDate: claim.start, ...(claim.end === undefined ? {} : { endDate: claim.end, endReason: 'customer_request' }) }] } }],
    },
  })}\n`;

export const NHS_CSV_HEADER = 'row_reference,event,date,nhs_number,first_name,last_name,date_of_birth,postcode,from_ods,to_service,programme,status\n';
