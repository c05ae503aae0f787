import { participantOf } from '@throughline/identity';

/** Participants of unlinked subjects, computed once: a keyed hash is two microseconds. */
export class ImplicitParticipants {
  readonly #known = new Map<string, Buffer>();
  constructor(
    private readonly platformKey: Uint8Array,
    private readonly mostRemembered = 200_000,
  ) {}

  /** @param subject 16 bytes */
  of(subject: Buffer): Buffer {
    const text = subject.toString('latin1');
    let participant = this.#known.get(text);
    if (participant === undefined) {
      participant = participantOf(this.platformKey, subject);
      if (this.#known.size >= this.mostRemembered) this.#known.clear();
      this.#known.set(text, participant);
    }
    return participant;
  }
}
