import type { TopicPartition } from '../consumed-batch.js';

/** One that reads for a group, and what it wants to read. */
export interface Member {
  readonly partitions: () => readonly TopicPartition[];
}

/**
 * Who reads what. Each change is a new generation; a member learns of it when it asks next, and until then goes on with what
 * it was given: two may read one partition at a time, as with Kafka they do once a session has ended unnoticed.
 */
export class MemoryGroup {
  #members: Member[] = [];
  #generation = 0;

  get generation(): number {
    return this.#generation;
  }

  get members(): readonly Member[] {
    return this.#members;
  }

  join(member: Member): void {
    this.#members.push(member);
    this.#generation += 1;
  }

  /** Leaves, or is given up by the group; one that was given up joins again when it asks next. */
  leave(member: Member): void {
    if (!this.#members.includes(member)) return;
    this.#members = this.#members.filter((other) => other !== member);
    this.#generation += 1;
  }

  /** Deals the partitions anew, the members in another order. */
  rebalance(): void {
    this.#members = [...this.#members.slice(1), ...this.#members.slice(0, 1)];
    this.#generation += 1;
  }

  assignmentOf(member: Member): TopicPartition[] {
    const place = this.#members.indexOf(member);
    return member.partitions().filter((_, index) => index % this.#members.length === place);
  }
}
