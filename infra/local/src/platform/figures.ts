import { setTimeout as delay } from 'node:timers/promises';
import { LocalError, silentProgress } from '@throughline/servers';
import type { Progress } from '@throughline/servers';
import { z } from 'zod';

const cutSchema = z.looseObject({ cut: z.number() });
export type Cut = z.infer<typeof cutSchema>;

/** What outcomes answers until it has read the log once: after a first start, or when Redis was emptied. */
const incompleteSchema = z.looseObject({ code: z.literal('VIEW_INCOMPLETE'), progress: z.number() });

const EVERY_MS = 250;

const incomplete = (response: Response, text: string): z.infer<typeof incompleteSchema> | undefined => {
  if (response.status !== 503) return undefined;
  try {
    return incompleteSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

export interface CutOptions {
  /** Stops waiting for it. */
  readonly signal?: AbortSignal;
  /** Where it is shown how far the log is read, while it has to be read first. Default: nowhere. */
  readonly progress?: Progress;
}

/**
 * Asks for a cut: figures frozen at the position that the topics have now. Returns when it is taken; while outcomes has yet to
 * read the log, as after Redis was emptied, it waits.
 *
 * @param outcomesUrl base URL of the outcomes service
 * @throws LocalError `NOT_REACHABLE` if the service is away, `SERVICE_FAILED` if it refuses
 */
export async function takeCut(outcomesUrl: string, { signal, progress = silentProgress }: CutOptions = {}): Promise<Cut> {
  const abortable = signal === undefined ? {} : { signal };
  let reading: ReturnType<Progress['start']> | undefined;
  try {
    for (;;) {
      const response = await fetch(`${outcomesUrl}/internal/cuts`, { method: 'POST', ...abortable }).catch((cause: unknown) => {
        signal?.throwIfAborted();
        throw new LocalError('NOT_REACHABLE', `No outcomes service answers at ${outcomesUrl}`, 'start the platform with "npm start" first', { cause });
      });
      const text = await response.text();
      if (response.ok) return cutSchema.parse(JSON.parse(text));
      const waiting = incomplete(response, text);
      if (waiting === undefined) {
        throw new LocalError('SERVICE_FAILED', `The cut was not taken (${response.status} ${text.slice(0, 400)})`, 'see the log of outcomes');
      }
      reading ??= progress.start('Reading the log into the figures', 100, '%');
      reading.update(Math.floor(waiting.progress * 100));
      await delay(EVERY_MS, undefined, abortable);
    }
  } finally {
    reading?.finish();
  }
}
