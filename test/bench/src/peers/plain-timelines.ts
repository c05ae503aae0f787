// What one would write first to keep figures of people under several references: a Nest microservice on the built-in Kafka
// transport whose handler takes each event through Redis by itself: one read, one transaction, both awaited. It is right only as long as
// one process handles one event at a time.
// Words: brokers, group, number of records, topics separated by commas, URL of Redis, file of who is who.
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload, Transport } from '@nestjs/microservices';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { Redis } from 'ioredis';
import { say } from '../process/contender.js';
import { cellsOf, countedFact, readLinks } from './counted-facts.js';

const [brokers = '', groupId = '', records = '', topics = '', redisUrl = '', linksFile = ''] = process.argv.slice(2);
const expected = Number(records);
const { participantOf } = readLinks(linksFile);
const redis = new Redis(redisUrl);
let handled = 0;

type Timeline = Record<string, { readonly revision: string; readonly item: string | null }>;
type Told = Record<string, readonly string[]>;

@Controller()
class FactsController {
  @EventPattern(topics.split(','))
  async take(@Payload() value: Buffer): Promise<void> {
    await this.keep(value);
    handled += 1;
    if (handled * 2 >= expected && (handled - 1) * 2 < expected) say({ event: 'half' });
    if (handled === expected) say({ event: 'done' });
  }

  private async keep(value: Buffer): Promise<void> {
    const { subject, fact, revision, item } = countedFact(value);
    const subjectKey = `subject:${subject}`;
    const participantKey = `participant:${participantOf.get(subject)!}`;
    const [storedTimeline, storedTold] = await redis.mget(subjectKey, participantKey);
    const timeline = JSON.parse(storedTimeline ?? '{}') as Timeline;
    const told = JSON.parse(storedTold ?? '{}') as Told;
    const known = timeline[fact];
    if (known !== undefined && known.revision >= revision) return;
    const before = cellsOf(Object.values(told).flat());
    timeline[fact] = { revision, item };
    told[subject] = Object.values(timeline).flatMap((each) => each.item ?? []);
    const after = cellsOf(Object.values(told).flat());

    const writing = redis.multi().set(subjectKey, JSON.stringify(timeline)).set(participantKey, JSON.stringify(told));
    for (const cell of new Set([...before.keys(), ...after.keys()])) {
      const change = (after.get(cell) ?? 0) - (before.get(cell) ?? 0);
      if (change !== 0) writing.hincrby('cells', cell, change);
    }
    for (const [error] of (await writing.exec()) ?? []) if (error !== null) throw error;
  }
}

@Module({ controllers: [FactsController] })
class PlainModule {}

const service = await NestFactory.createMicroservice<MicroserviceOptions>(PlainModule, {
  logger: ['error'],
  transport: Transport.KAFKA,
  options: {
    client: { brokers: brokers.split(','), clientId: 'plain-timelines', logLevel: 1 },
    consumer: { groupId, maxWaitTimeInMs: 50 },
    subscribe: { fromBeginning: true },
    parser: { keepBinary: true },
  },
});
await service.listen();
