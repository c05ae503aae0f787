// What one would write first: a Nest microservice on the built-in Kafka transport whose handler, for each event, reads the
// subject's state from Redis, takes in the event and writes the state back, awaiting each.
// Words: brokers, group, number of records, topic, URL of Redis, partitions worked on at once.
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload, Transport } from '@nestjs/microservices';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { decodeEvent } from '@throughline/event-contracts';
import { Redis } from 'ioredis';
import { say } from '../process/contender.js';

const [brokers = '', groupId = '', records = '', topic = '', redisUrl = '', concurrency = '1'] = process.argv.slice(2);
const expected = Number(records);
const redis = new Redis(redisUrl);
let handled = 0;

interface Fact {
  readonly type: string;
  readonly instant: number;
  readonly sequence: number;
  readonly hash: string;
  readonly stated: boolean;
  readonly occurredOn: number | null;
}

const isLater = (fact: Fact, known: Fact): boolean =>
  fact.instant !== known.instant ? fact.instant > known.instant : fact.sequence !== known.sequence ? fact.sequence > known.sequence : fact.hash > known.hash;

@Controller()
class FactsController {
  @EventPattern<string>(topic)
  async take(@Payload() value: Buffer): Promise<void> {
    const event = decodeEvent(value);
    const { meta } = event.value;
    const key = `subject:${meta.subject.toString('hex')}`;
    const stored = await redis.get(key);
    const state = (stored === null ? {} : JSON.parse(stored)) as Record<string, Fact>;
    const fact: Fact = {
      type: event.type,
      instant: meta.revision.instant,
      sequence: meta.revision.sequence,
      hash: meta.contentHash.toString('hex'),
      stated: meta.change === 'STATED',
      occurredOn: meta.occurredOn?.date ?? null,
    };
    const factId = meta.factId.toString('hex');
    const known = state[factId];
    if (known === undefined || isLater(fact, known)) {
      state[factId] = fact;
      await redis.set(key, JSON.stringify(state));
    }
    handled += 1;
    if (handled === 1) say({ event: 'first' });
    if (handled === expected) say({ event: 'done', seen: handled });
  }
}

@Module({ controllers: [FactsController] })
class PlainModule {}

const service = await NestFactory.createMicroservice<MicroserviceOptions>(PlainModule, {
  logger: ['error'],
  transport: Transport.KAFKA,
  options: {
    client: { brokers: brokers.split(','), clientId: 'plain-handler', logLevel: 1 },
    consumer: { groupId, maxWaitTimeInMs: 50 },
    subscribe: { fromBeginning: true },
    run: { partitionsConsumedConcurrently: Number(concurrency) },
    parser: { keepBinary: true },
  },
});
await service.listen();
say({ event: 'joined' });
