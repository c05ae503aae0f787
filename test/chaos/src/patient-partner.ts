import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { submissionQuery } from '@throughline/local';
import type { SampleSubmission } from '@throughline/local';

/** What became of a submission at the door. */
export type Answer = { readonly kind: 'receipt'; readonly submissionId: string } | { readonly kind: 'refused'; readonly status: number };

export interface PatientPartnerOptions {
  readonly folder: string;
  readonly adapterUrl: (deployment: string) => string;
  readonly signal: AbortSignal;
}

const AGAIN_MS = 100;

/** Does as partners are told to: the same again and again until there is an answer. */
export class PatientPartner {
  /** So far; unanswered: nobody answered, or only with a fault of the platform's own. */
  readonly attempts = { all: 0, unanswered: 0 };

  constructor(private readonly options: PatientPartnerOptions) {}

  /** Resolves with a receipt or a refusal. */
  async send(submission: SampleSubmission): Promise<Answer> {
    const { folder, adapterUrl, signal } = this.options;
    const body = await openAsBlob(join(folder, submission.file));
    for (;;) {
      signal.throwIfAborted();
      const answer = await attempt(`${adapterUrl(submission.deployment)}/submissions?${submissionQuery(submission)}`, body, submission.mediaType, signal);
      this.attempts.all += 1;
      if (answer !== undefined) return answer;
      this.attempts.unanswered += 1;
      await delay(AGAIN_MS, undefined, { signal });
    }
  }

  /** Resolves when the adapter has said that it will take the submission back, or has done so before. */
  async takeBack({ deployment, file }: SampleSubmission, id: string): Promise<void> {
    const { adapterUrl, signal } = this.options;
    for (;;) {
      signal.throwIfAborted();
      const status = await fetch(`${adapterUrl(deployment)}/submissions/${id}/withdraw`, { method: 'POST', signal }).then(
        async (response) => {
          await response.body?.cancel();
          return response.status;
        },
        () => undefined,
      );
      // 409: it is withdrawn already.
      if (status === 202 || status === 409) return;
      if (status !== undefined && status < 500) throw new Error(`${file} was not taken back: ${status}`);
      await delay(AGAIN_MS, undefined, { signal });
    }
  }
}

/** Undefined where trying again is the remedy. */
async function attempt(url: string, body: Blob, mediaType: string, signal: AbortSignal): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': mediaType }, body, signal });
    const text = await response.text();
    if (response.ok) return { kind: 'receipt', submissionId: (JSON.parse(text) as { submissionId: string }).submissionId };
    if (response.status >= 500 || response.status === 408 || response.status === 429) return undefined;
    return { kind: 'refused', status: response.status };
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
