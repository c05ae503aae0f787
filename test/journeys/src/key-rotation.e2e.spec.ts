import { readFile, writeFile } from 'node:fs/promises';
import { EventProducer } from '@throughline/event-bus';
import type { SubjectIdentifier } from '@throughline/event-contracts';
import { Tokeniser } from '@throughline/identity';
import { rebuild, stateFolders, waitFor } from '@throughline/local';
import { RedisConnection } from '@throughline/state-store';
import { exactCells, runPlatform } from './running-platform.js';
import type { RunningPlatform } from './running-platform.js';
import { told } from './told-events.js';

const DAY = 20_300;
const PEOPLE = ['ada', 'bea', 'cyd'];
const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map((key, i) => ({ id: `domain-${i + 1}`, key })) as [{ id: string; key: Buffer }, { id: string; key: Buffer }];

/** Support that the council tells of, and a job from unemployment that the college does: one way into work if they are linked. */
const lifeOf = (name: string) => [
  told({ deployment: 'council', name, type: 'SupportStarted', day: DAY }),
  told({ deployment: 'college', name, type: 'JobStarted', day: DAY + 30 }),
  told({ deployment: 'college', name, type: 'CircumstancesReported', day: DAY, body: { labourMarketStatus: 'UNEMPLOYED', district: 'E08000003' } }),
];

/** What a partner's adapter makes of its people, going by one key or by the one that follows it. */
const before = new Tokeniser(first);
const after = new Tokeniser(first, [second]);
const identified = (deployment: string, name: string, tokeniser: Tokeniser, revision: number) => {
  const identifiers: SubjectIdentifier[] = [
    { kind: 'NINO', check: 'PASSED', token: tokeniser.certain('NINO', `NINO OF ${name}`) },
    { kind: 'NHS_NUMBER', check: 'PASSED', token: tokeniser.certain('NHS_NUMBER', `NUMBER OF ${name}`) },
    { kind: 'DATE_OF_BIRTH', check: 'NOT_CHECKABLE', token: tokeniser.dateOfBirth('1990-02-03') },
  ];
  return told({ deployment, name, type: 'SubjectIdentified', revision, body: { identifiers } });
};

describe('a linkage domain’s key, rotated while partners send', () => {
  let running: RunningPlatform;
  let producer: EventProducer;
  let figures: Map<string, number>;
  const linkage = () => running.platform.services.get('linkage')!;
  const keysFile = () => `${stateFolders(running.stateDir).keys}/platform/keys.json`;

  beforeAll(async () => {
    running = await runPlatform({ services: ['linkage', 'outcomes'] });
    producer = new EventProducer({ brokers: running.platform.kafkaBrokers.split(',') });
    await producer.publish(
      PEOPLE.flatMap((name) => [
        ...lifeOf(name),
        identified('council', name, before, 1),
        identified('college', name, before, 1),
      ]),
    );
    figures = await running.cells();
  });
  afterAll(async () => {
    await producer?.close();
    await running?.stop();
  });

  it('is given to linkage first, and nothing changes', async () => {
    expect([...figures].find(([cell]) => cell.startsWith('into_work'))?.[1]).toBe(PEOPLE.length);
    const keys = JSON.parse(await readFile(keysFile(), 'utf8')) as object;
    await writeFile(keysFile(), JSON.stringify({ ...keys, rotations: [{ from: first.id, id: second.id, key: second.key.toString('base64') }] }));
    linkage().kill();
    await linkage().exited();
    await linkage().restart();
    expect(await running.cells()).toEqual(figures);
  });

  it('keeps a partner waiting that goes by the new key before the links are built by it, and no figure moves', async () => {
    await producer.publish([identified('council', 'ada', after, 2)]);
    const line = () => running.lines.find((each) => each.includes('TOKEN_AHEAD_OF_INDEX'));
    await waitFor(() => line() !== undefined, { what: 'linkage to say why it waits' });
    expect(await exactCells(running.platform.url('outcomes'))).toEqual(figures);
    await rebuild(running.platform.url('outcomes'));
    expect(await running.cells()).toEqual(figures);
  });

  it('is gone by at one partner and not yet at the other, for people known and new', async () => {
    await producer.publish(PEOPLE.map((name) => identified('council', name, after, 3)));
    expect(await running.cells()).toEqual(figures);
    await producer.publish([
      ...lifeOf('new'),
      identified('council', 'new', after, 1),
      identified('college', 'new', before, 1),
    ]);
    const grown = await running.cells();
    expect([...grown]).toEqual([...figures].map(([cell, count]) => [cell, count + count / PEOPLE.length]));
    figures = grown;
  });

  it('is gone by everywhere, and after Redis has lost everything: the old tokens in the log still link', async () => {
    await producer.publish(['ada', 'new'].map((name) => identified('college', name, after, 2)));
    expect(await running.cells()).toEqual(figures);
    const redis = new RedisConnection({ url: running.platform.redisUrl });
    await redis.command('FLUSHALL');
    await redis.close();
    expect(await waitFor(() => running.cells().catch(() => undefined), { what: 'the figures to be whole again', timeoutMs: 90_000 })).toEqual(figures);
  });
});
