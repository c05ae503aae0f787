/** Thrown when as much is being taken in as the adapter can hold: nothing was accepted. */
export class AdapterBusy extends Error {
  override readonly name = 'AdapterBusy';
  readonly code = 'busy';
  readonly remedy = 'Nothing was accepted. Send it again after the time that Retry-After says.';
  /** For `Retry-After`. */
  readonly retryAfterSeconds = 10;
  constructor() {
    super('as many submissions are being taken in as this adapter can hold');
  }
}

export interface SlotLimits {
  /** Slots taken at once. */
  readonly slots: number;
  /** Senders that may wait for one, each holding what it has sent so far (at most 64 KiB) and no more. */
  readonly waiting: number;
  /** How long one waits at most, milliseconds. */
  readonly waitMs: number;
}

interface Waiting {
  readonly width: number;
  readonly grant: () => void;
}

/**
 * One limit for every way in, so that what senders do at once has a bound in memory. Slots are given in the order they were
 * asked for; who would wait too long, or behind too many, is told so by {@link AdapterBusy}.
 */
export class IntakeSlots {
  readonly #limits: SlotLimits;
  readonly #waiting = new Set<Waiting>();
  #free: number;

  constructor(limits: SlotLimits) {
    this.#limits = limits;
    this.#free = limits.slots;
  }

  /**
   * Resolves to what gives the slots back; giving them back twice is harmless. Throws {@link AdapterBusy}.
   * @param wanted slots wanted together; all there are, where that is fewer.
   */
  async take(wanted = 1): Promise<() => void> {
    const width = Math.min(wanted, this.#limits.slots);
    if (this.#waiting.size > 0 || this.#free < width) await this.#wait(width);
    else this.#free -= width;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#free += width;
      this.#grant();
    };
  }

  #wait(width: number): Promise<void> {
    if (this.#waiting.size >= this.#limits.waiting) throw new AdapterBusy();
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        width,
        grant: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(waiting);
        reject(new AdapterBusy());
        // It may have been what the others waited behind.
        this.#grant();
      }, this.#limits.waitMs);
      this.#waiting.add(waiting);
    });
  }

  #grant(): void {
    for (const waiting of this.#waiting) {
      if (waiting.width > this.#free) return;
      this.#free -= waiting.width;
      this.#waiting.delete(waiting);
      waiting.grant();
    }
  }
}
