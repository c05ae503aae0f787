import { GenerationKeys, PARTICIPANT_BUCKETS } from './generation-keys.js';
import { RedisScript } from './redis-connection.js';
import type { StoreConnection } from './redis-connection.js';

// KEYS: shares (hash: '@' and a process → when it is given up, milliseconds; bucket → its holder). ARGV: process, how long it is
// counted, milliseconds, buckets. Answers those it holds. Shares are equal but for one and add up to all the buckets, so that
// each has a holder once everybody has called; what is above one's share is let go for whoever calls next. By the server's
// clock: processes' clocks need not agree. Where that was put back all begin anew: the dead would be counted until it is that
// late again.
const RENEW = new RedisScript(
  'renew a share of the buckets',
  `local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local earlier = redis.call('HGET', KEYS[1], '@' .. ARGV[1])
if earlier and tonumber(earlier) > now + ARGV[2] then redis.call('DEL', KEYS[1]) end
redis.call('HSET', KEYS[1], '@' .. ARGV[1], now + ARGV[2])
local found, living, holders, count, before = redis.call('HGETALL', KEYS[1]), {}, {}, 0, 0
for at = 1, #found, 2 do
  local field, value = found[at], found[at + 1]
  if string.sub(field, 1, 1) ~= '@' then holders[field] = value
  elseif tonumber(value) <= now then redis.call('HDEL', KEYS[1], field)
  else
    local name = string.sub(field, 2)
    living[name] = true
    count = count + 1
    if name < ARGV[1] then before = before + 1 end
  end
end
local share, held = math.floor(ARGV[3] / count), {}
if before < ARGV[3] % count then share = share + 1 end
for bucket = 0, ARGV[3] - 1 do
  if holders[tostring(bucket)] == ARGV[1] then
    if #held < share then held[#held + 1] = bucket
    else redis.call('HDEL', KEYS[1], bucket) end
  end
end
for bucket = 0, ARGV[3] - 1 do
  local holder = holders[tostring(bucket)]
  if #held < share and not (holder and living[holder]) then
    redis.call('HSET', KEYS[1], bucket, ARGV[1])
    held[#held + 1] = bucket
  end
end
return held`,
);

/** How long a process that is not heard of keeps its share: unless set, and how often it renews it within that time. */
const KEPT_MS = 5_000;
const RENEWALS = 5;

export interface BucketSharesOptions {
  readonly connection: StoreConnection;
  readonly generation: number;
  /** Name that no other living process has. One that is killed and comes back under its name has its share back at once. */
  readonly process: string;
  /** How long a process that is not heard of keeps its share, milliseconds; default 5,000. */
  readonly keptMs?: number;
  /** A renewal failed; it is tried again. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Divides the participant buckets of a generation among the processes at work on it, so that they spare each other the same
 * work. A hint: two may take themselves for the holder of a bucket for a while, or nobody, and whatever is done for it is right.
 */
export class BucketShares {
  readonly #key: string;
  #timer: NodeJS.Timeout | undefined;
  #renewing: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(private readonly options: BucketSharesOptions) {
    this.#key = new GenerationKeys(options.generation).shares();
  }

  /** Renews the share again and again, however long the work between takes. */
  start(): void {
    const { onTrouble, keptMs = KEPT_MS } = this.options;
    this.#timer = setTimeout(() => {
      this.#renewing = this.renew()
        .catch(onTrouble)
        .finally(() => {
          if (!this.#stopped) this.start();
        });
    }, keptMs / RENEWALS);
  }

  /** @returns the buckets this process holds from now on, unless it is not heard of for long. @throws StateStoreError */
  async renew(): Promise<ReadonlySet<number>> {
    const { connection, process, keptMs = KEPT_MS } = this.options;
    return new Set((await connection.run(RENEW, [this.#key], [process, keptMs, PARTICIPANT_BUCKETS])) as number[]);
  }

  /** Lets the share go at once. */
  async stop(): Promise<void> {
    const { connection, process, onTrouble } = this.options;
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#renewing;
    // Buckets of a process that is not counted are anybody's.
    await connection.command('HDEL', this.#key, `@${process}`).catch(onTrouble);
  }
}
