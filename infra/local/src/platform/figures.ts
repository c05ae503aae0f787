import { z } from 'zod';
import { LocalError } from '@throughline/servers';

const cutSchema = z.looseObject({ cut: z.number() });
export type Cut = z.infer<typeof cutSchema>;

/**
 * Asks for a cut: figures frozen at the position that the topics have now. Returns when it is taken.
 *
 * @param outcomesUrl base URL of the outcomes service
 * @param signal stops waiting for it
 * @throws LocalError `NOT_REACHABLE` if the service is away, `SERVICE_FAILED` if it refuses
 */
export async function takeCut(outcomesUrl: string, signal?: AbortSignal): Promise<Cut> {
  const response = await fetch(`${outcomesUrl}/internal/cuts`, { method: 'POST', ...(signal === undefined ? {} : { signal }) }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw new LocalError('NOT_REACHABLE', `No outcomes service answers at ${outcomesUrl}`, 'start the platform with "npm start" first', { cause });
  });
  const text = await response.text();
  if (!response.ok) {
    throw new LocalError('SERVICE_FAILED', `The cut was not taken (${response.status} ${text.slice(0, 400)})`, 'see the log of outcomes');
  }
  return cutSchema.parse(JSON.parse(text));
}
