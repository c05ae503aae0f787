import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload } from '@nestjs/microservices';
import { BatchFaultFilter, BatchPattern, BatchTransport } from './batch-transport.js';
import type { BusError } from './bus-error.js';
import { Reposition } from './bus-error.js';
import type { BatchContext, ConsumedBatch } from './consumed-batch.js';
import { EventProducer } from './event-producer.js';
import { PositionStore, testConnection, uniqueName, until } from './testing/test-kafka.js';
import { ensureTopics } from './topic-admin.js';

const connection = testConnection();
const store = new PositionStore();
let calls = 0;

@Controller()
class BatchController {
  @BatchPattern('partner-events')
  async handle(@Payload() batch: ConsumedBatch, @Ctx() context: BatchContext): Promise<Reposition | undefined> {
    calls++;
    if (calls === 1) throw new Error('store away');
    if (calls === 2) throw new Reposition('fence');
    if (calls === 3) return new Reposition('fence');
    await context.heartbeat();
    store.take(batch);
    return undefined;
  }
}

@Module({ controllers: [BatchController] })
class BatchModule {}

const transportOf = (topic: string, pattern: string, troubles: BusError[]): BatchTransport =>
  new BatchTransport({
    ...connection,
    pattern,
    groupId: uniqueName('group'),
    topics: [topic],
    fromPosition: store.position,
    maxWaitMs: 20,
    onTrouble: (error) => troubles.push(error),
    onCrash: (error) => {
      throw error;
    },
  });

describe('the transport for Nest', () => {
  it('brings batches to a controller, and takes its errors for what they are', async () => {
    const topic = uniqueName('nest');
    await ensureTopics({ ...connection, topics: [{ name: topic, partitions: 1 }] });
    const producer = new EventProducer(connection);
    await producer.publish(['a', 'b', 'c'].map((value) => ({ topic, key: null, value: Buffer.from(value) })));
    await producer.close();
    const troubles: BusError[] = [];
    const app = await NestFactory.createMicroservice(BatchModule, { strategy: transportOf(topic, 'partner-events', troubles), logger: false });
    app.useGlobalFilters(new BatchFaultFilter());
    await app.listen();
    await until(() => store.taken.length === 3);
    await app.close();
    expect(store.values()).toEqual(['a', 'b', 'c']);
    expect(calls).toBe(4);
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).toMatchObject({ code: 'BATCH_FAILED', cause: new Error('store away') });
  });

  it('does not start without a handler for its pattern', async () => {
    const app = await NestFactory.createMicroservice(BatchModule, { strategy: transportOf('any', 'other-pattern', []), logger: false });
    await expect(app.listen()).rejects.toMatchObject({ code: 'NO_HANDLER', place: 'other-pattern' });
    await app.close();
  });
});
