import { EventProducer } from '@throughline/event-bus';
import type { SubjectIdentifier } from '@throughline/event-contracts';
import { links, waitFor } from '@throughline/local';
import { RedisConnection } from '@throughline/state-store';
import { runPlatform } from './running-platform.js';
import type { RunningPlatform } from './running-platform.js';
import { subjectOf, told, tokenOf } from './told-events.js';

const DAY = 20_300;

let running: RunningPlatform;
let producer: EventProducer;
beforeAll(async () => {
  running = await runPlatform({ services: ['linkage', 'outcomes'] });
  producer = new EventProducer({ brokers: running.platform.kafkaBrokers.split(',') });
});
afterAll(async () => {
  await producer?.close();
  await running?.stop();
});

const identified = (deployment: string, name: string, revision: number, ...identifiers: SubjectIdentifier[]) => told({ deployment, name, type: 'SubjectIdentified', revision, body: { identifiers } });
const operate = (...words: string[]): Promise<string> => links(words, running.platform.url('linkage'));
const id = (deployment: string, name: string): string => subjectOf(deployment, name).toString('hex');
const decisionIn = (printed: string): string => /Decision ([0-9a-f]{32}) is in the log and in the links/.exec(printed)?.[1] ?? printed;

const [bea, cyd] = [
  [tokenOf('NHS_NUMBER', 'bea'), tokenOf('NINO', 'bea')],
  [tokenOf('NHS_NUMBER', 'cyd'), tokenOf('NINO', 'cyd')],
] as const;

describe('one mistyped National Insurance number, that makes one person of two', () => {
  let separate: Map<string, number>;
  let merged: Map<string, number>;

  beforeAll(async () => {
    await producer.publish([
      ...['bea', 'cyd'].flatMap((name) => [
        told({ deployment: 'council', name, type: 'SupportStarted', day: DAY }),
        told({ deployment: 'college', name, type: 'JobStarted', day: DAY + 30 }),
        told({ deployment: 'college', name, type: 'CircumstancesReported', day: DAY, body: { labourMarketStatus: 'UNEMPLOYED', district: 'E08000003' } }),
      ]),
      identified('college', 'bea', 1, ...bea),
      identified('council', 'bea', 1, bea[1]),
      identified('college', 'cyd', 1, ...cyd),
      // The council has no number of this one, and then somebody else's.
      identified('council', 'cyd', 1, cyd[0]),
    ]);
    separate = await running.cells();
    await producer.publish([identified('council', 'cyd', 2, cyd[0], bea[1])]);
    merged = await running.cells();
  });

  it('is on the list of conflicts with what brought them together, and no token', async () => {
    expect(merged).not.toEqual(separate);
    const printed = await operate('list');
    expect(printed).toContain('1 participant to look at');
    expect(printed).toMatch(/: NHS_NUMBER, NINO, 4 subjects, since 2025-10-09T08:53:22\.000Z/);
    expect(printed).toContain('two values of NHS_NUMBER meet');
    expect(printed).toContain(`by nino with ${id('council', 'cyd')}  council`);
    for (const { token } of [...bea, ...cyd]) expect(printed).not.toContain(token?.value.toString('hex'));
    const metrics = await (await fetch(`${running.platform.telemetryUrl('linkage')}/metrics`)).text();
    expect(metrics).toMatch(/throughline_link_conflicts\S* 1$/m);
  });

  it('is explained by the kinds of identifiers on the way', async () => {
    const printed = await operate('explain', id('college', 'cyd'), id('council', 'bea'));
    expect(printed.split('\n').map((line) => line.trim())).toEqual([
      expect.stringMatching(/^They are one participant, [0-9a-f]{32}:$/),
      `${id('college', 'cyd')}  college`,
      `by nhs-number with ${id('council', 'cyd')}  council`,
      `by nino with ${id('council', 'bea')}  council`,
    ]);
  });

  it('changes nothing while it is only shown, and who is to decide must say why', async () => {
    const shown = await operate('split', id('college', 'cyd'), id('council', 'cyd'));
    expect(shown).toContain('Nothing was decided');
    expect(shown.match(/2 subjects/g)).toHaveLength(2);
    expect(await running.cells()).toEqual(merged);
    const unsaid = operate('split', id('college', 'cyd'), id('council', 'cyd'), '--commit');
    await expect(unsaid).rejects.toMatchObject({ code: 'SETTING_INVALID' });
    const named = operate('split', id('college', 'cyd'), '--commit', '--by', 'j.okafor', '--reason', 'MISTYPED_IDENTIFIER', '--note', 'typed qq 12 34 56 c for it');
    await expect(named).rejects.toMatchObject({ code: 'SERVICE_FAILED', message: expect.stringMatching(/REQUEST_INVALID.*nothing like a person's number/) as string });
    expect(await operate('list')).toContain('No decision was made.');
  });

  it('is split by an operator: the figures are those had the number never been given, also once Redis has lost everything', async () => {
    const printed = await operate('split', id('college', 'cyd'), id('council', 'cyd'), '--commit', '--by', 'j.okafor', '--reason', 'MISTYPED_IDENTIFIER', '--note', 'council copied the row above');
    const decision = decisionIn(printed);
    expect(await running.cells()).toEqual(separate);
    expect(await operate('list')).toMatch(/^No participant is in conflict\.\nDecisions, the latest first:\n.*SPLIT.*by j\.okafor: MISTYPED_IDENTIFIER, "council copied the row above"/);

    const redis = new RedisConnection({ url: running.platform.redisUrl });
    await redis.command('FLUSHALL');
    await redis.close();
    const rebuilt = await waitFor(() => running.cells().catch(() => undefined), { what: 'the figures to be whole again', timeoutMs: 90_000 });
    expect(rebuilt).toEqual(separate);
    expect(await operate('explain', id('college', 'cyd'), id('college', 'bea'))).toContain('They are two participants');

    expect(decisionIn(await operate('withdraw', decision, '--by', 'j.okafor', '--reason', 'DECIDED_IN_ERROR'))).toBe(decision);
    expect(await running.cells()).toEqual(merged);
    await expect(operate('withdraw', decision, '--by', 'j.okafor', '--reason', 'DECIDED_IN_ERROR')).rejects.toMatchObject({ message: expect.stringContaining('ALREADY_WITHDRAWN') as string });
  });

  it('may be said to be one person after all: nothing is left to look at', async () => {
    await operate('join', id('college', 'cyd'), id('college', 'bea'), '--commit', '--by', 'a.lindqvist', '--reason', 'CONFIRMED_BY_PARTNER');
    expect(await running.cells()).toEqual(merged);
    expect(await operate('list')).toContain('No participant is in conflict.');
    expect(await operate('explain', id('council', 'cyd'))).toContain('operator: ');
  });
});

it('refuses a subject that nobody has told of', async () => {
  await expect(operate('explain', id('nhs', 'nobody'))).rejects.toMatchObject({ message: expect.stringContaining('SUBJECT_UNKNOWN') as string });
});
