// What one would write first to keep figures of people under several references: a Nest microservice on the built-in Kafka
// transport whose handler takes each event through Redis by itself, awaiting every step. A crash between two steps leaves wrong figures.
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

async function stored<T>(key: string): Promise<T> {
  return JSON.parse((await redis.get(key)) ?? '{}') as T;
}

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
    const timeline = await stored<Timeline>(`subject:${subject}`);
    const known = timeline[fact];
    if (known !== undefined && known.revision >= revision) return;
    timeline[fact] = { revision, item };
    await redis.set(`subject:${subject}`, JSON.stringify(timeline));

    const key = `participant:${participantOf.get(subject)!}`;
    const told = await stored<Record<string, readonly string[]>>(key);
    const before = cellsOf(Object.values(told).flat());
    told[subject] = Object.values(timeline).flatMap((each) => each.item ?? []);
    const after = cellsOf(Object.values(told).flat());
    await redis.set(key, JSON.stringify(told));
    for (const cell of new Set([...before.keys(), ...after.keys()])) {
      const change = (after.get(cell) ?? 0) - (before.get(cell) ?? 0);
      if (change !== 0) await redis.hincrby('cells', cell, change);
    }
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
