import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { submissionQuery, waitFor } from '@throughline/local';
import type { SampleSubmission } from '@throughline/local';
import { partnersByDeployment, recount } from '@throughline/test-recount';
import type { Cells } from '@throughline/test-recount';
import type { RunningPlatform } from './running-platform.js';

/** A submission whose payload lies in the story's folder. */
export type StoryFile = Readonly<SampleSubmission>;

/** What an adapter says of a submission. */
export interface SubmissionView {
  readonly submissionId: string;
  readonly state: string;
  readonly held: { readonly code: string; readonly withdrawn: number; readonly inForce: number } | null;
}

/** States that nothing leaves. */
const CLOSED = new Set(['refused', 'rejected', 'superseded', 'withdrawn']);

/** Hand-made files of the partners, sent one at a time, and what a perfect reader of some of them would know. */
export class PartnersStory {
  constructor(
    private readonly folder: string,
    private readonly running: RunningPlatform,
  ) {}

  path({ file }: StoryFile): string {
    return join(this.folder, file);
  }

  async write(file: Pick<StoryFile, 'file' | 'deployment' | 'feed' | 'mediaType'> & Partial<StoryFile>, content: string): Promise<StoryFile> {
    const written = { part: null, asOf: null, programme: null, fullExtract: false, refusedWhole: false, ...file };
    await mkdir(dirname(this.path(written)), { recursive: true });
    await writeFile(this.path(written), content);
    return written;
  }

  /** Sends it by HTTP. @returns its submission id */
  async send(file: StoryFile): Promise<string> {
    const response = await fetch(`${this.running.adapterUrl(file.deployment)}/submissions?${submissionQuery(file)}`, {
      method: 'POST',
      headers: { 'content-type': file.mediaType },
      body: new Uint8Array(await readFile(this.path(file))),
    });
    const text = await response.text();
    if (response.status !== 202) throw new Error(`${file.file} was not accepted: ${response.status} ${text}`);
    return (JSON.parse(text) as { submissionId: string }).submissionId;
  }

  async view(deployment: string, submissionId: string): Promise<SubmissionView> {
    const response = await fetch(`${this.running.adapterUrl(deployment)}/submissions/${submissionId}`);
    if (!response.ok) throw new Error(`the ${deployment} adapter knows no submission ${submissionId}`);
    return (await response.json()) as SubmissionView;
  }

  /** Waits until the adapter says that the submission is in that state; one that can no longer get there is an error. */
  async until(deployment: string, submissionId: string, state: string): Promise<SubmissionView> {
    const reached = await waitFor(
      async () => {
        const view = await this.view(deployment, submissionId);
        const over = view.state === 'published' ? state !== 'withdrawn' : CLOSED.has(view.state);
        return view.state === state || over ? view : undefined;
      },
      { what: `a submission of ${deployment} to be ${state}`, timeoutMs: 90_000 },
    );
    if (reached.state !== state) throw new Error(`a submission of ${deployment} is ${reached.state} and was to be ${state}`);
    return reached;
  }

  /** Asks for `confirm`, `reject` or `withdraw`. */
  async ask(deployment: string, submissionId: string, command: string): Promise<{ readonly status: number; readonly note?: string }> {
    const response = await fetch(`${this.running.adapterUrl(deployment)}/submissions/${submissionId}/${command}`, { method: 'POST' });
    return { ...((await response.json()) as object), status: response.status };
  }

  /** The cells if these files were all that was ever sent. */
  async knowable(files: readonly StoryFile[]): Promise<Cells> {
    await writeFile(join(this.folder, 'manifest.jsonl'), files.map((file) => `${JSON.stringify(file)}\n`).join(''));
    return recount(this.folder, { partnersByDeployment: await partnersByDeployment(this.running.stateDir), knowableOnly: true }).knowable;
  }
}

/** Number counted for a metric, over all cells. */
export const totalOf = (cells: ReadonlyMap<string, number>, metric: string): number =>
  [...cells].reduce((sum, [cell, count]) => sum + (cell.startsWith(`${metric}|`) ? count : 0), 0);

/** An ILR of 2025-26 with so many learners, each unemployed at the start of one aim. */
export function ilrReturn({ ukprn, dateTime, learners }: { readonly ukprn: number; readonly dateTime: string; readonly learners: number }): string {
  const learner = (_: unknown, at: number): string =>
    `<Learner><LearnRefNumber>STORY${at}</LearnRefNumber><ULN>9999999999</ULN><FamilyName>Story${at}</FamilyName><GivenNames>Sam</GivenNames>` +
    `<DateOfBirth>199${at % 10}-03-14</DateOfBirth><Ethnicity>99</Ethnicity><Sex>F</Sex><LLDDHealthProb>2</LLDDHealthProb>` +
    '<PostcodePrior>ZA6 1AA</PostcodePrior><Postcode>ZA10 2AE</Postcode>' +
    '<LearnerEmploymentStatus><EmpStat>11</EmpStat><DateEmpStatApp>2025-08-20</DateEmpStatApp>' +
    '<EmploymentStatusMonitoring><ESMType>LOU</ESMType><ESMCode>2</ESMCode></EmploymentStatusMonitoring></LearnerEmploymentStatus>' +
    '<LearningDelivery><LearnAimRef>60145678</LearnAimRef><AimType>4</AimType><AimSeqNumber>1</AimSeqNumber><LearnStartDate>2025-09-08</LearnStartDate>' +
    '<LearnPlanEndDate>2026-07-10</LearnPlanEndDate><FundModel>38</FundModel><CompStatus>1</CompStatus></LearningDelivery></Learner>';
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<Message xmlns="ESFA/ILR/2025-26">',
    '<Header><CollectionDetails><Collection>ILR</Collection><Year>2526</Year></CollectionDetails>',
    `<Source><UKPRN>${ukprn}</UKPRN><SerialNo>01</SerialNo><DateTime>${dateTime}</DateTime></Source></Header>`,
    `<LearningProvider><UKPRN>${ukprn}</UKPRN></LearningProvider>`,
    ...Array.from({ length: learners }, learner),
    '</Message>',
  ].join('\n');
}

/** A council's `person` file: id and month in which support started. */
export const personCsv = (rows: readonly (readonly [id: string, month: string])[]): string =>
  [
    'unique_id,first_name,last_name,year_of_birth,dispersal_area,date_started_service',
    ...rows.map(([id, month]) => `${id},Ana,Example,1990,Oldham Council,${month}`),
  ].join('\n');
