import { BusError } from '@throughline/event-bus';
import type { OutgoingRecord } from '@throughline/event-bus';
import type { MemoryLog } from '@throughline/event-bus/testing';
import type { Faults } from './faults.js';
import type { Scheduler } from './scheduler.js';

/** A process's producer: where an acknowledgement is lost it sends again, so that records stand twice. */
export class SimulatedProducer {
  constructor(
    private readonly log: MemoryLog,
    private readonly scheduler: Scheduler,
    private readonly faults: Faults,
  ) {}

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return;
    await this.scheduler.park('produce');
    if (this.faults.happens('produce fails')) throw new BusError('PUBLISH_FAILED', records[0]!.topic, 'Publish the same records again later.', true);
    this.log.append(records);
    while (this.faults.happens('acknowledgement lost')) {
      await this.scheduler.park('produce again');
      this.log.append(records);
    }
    await this.scheduler.park('acknowledge');
  }
}
