import type { OutgoingRecord } from '@throughline/event-bus';
import type { SubjectIdentifier } from '@throughline/event-contracts';
import { LINKING_RULES_2026_1 } from '@throughline/identity';
import { LinkIndex, UniqueIds } from '@throughline/state-store';
import { MemoryRedis } from '@throughline/state-store/testing';
import { readDecisionWord } from '../decisions/decision-words.js';
import { Linker } from '../linking/linker.js';
import { LinkDesk } from './link-desk.js';

const PLATFORM_KEY = Buffer.alloc(32, 7);
const subject = (n: number) => Buffer.alloc(16, n);
const hex = (...of: number[]) => of.map((n) => subject(n).toString('hex'));
const token = (kind: SubjectIdentifier['kind'], value: number, keyId = 'k1'): SubjectIdentifier => ({ kind, check: 'PASSED', token: { keyId, value: subject(100 + value) } });
const WORDS = { by: 'operator', reason: 'OTHER' } as const;

/** A desk over the store's own scripts; what it publishes is taken in at once, unless linkage is away. */
function desk(now: () => number = () => 1_000) {
  const index = new LinkIndex(new MemoryRedis().connect(), 1);
  const ids = new UniqueIds();
  const linker = new Linker({ index, platformKey: PLATFORM_KEY, newId: () => ids.next() });
  const published: OutgoingRecord[] = [];
  const next = { 'nhs.0': 0, '@link-decisions.0': 0 };
  const advance = (partition: keyof typeof next) => ({ partition, firstOffset: next[partition], nextOffset: (next[partition] += 1) });
  const state = { linkageIsAway: false };
  return {
    state,
    published,
    identify: async (of: number, instant: number, ...identifiers: SubjectIdentifier[]) => {
      const fact = { factId: subject(of).toString('hex'), instant, sequence: 0, contentHash: '00000000000000aa', identifiers };
      await linker.link({ deployment: 'nhs', ...advance('nhs.0'), messages: [{ subject: subject(of), fact }] });
    },
    desk: new LinkDesk({
      index: async () => index,
      platformKey: PLATFORM_KEY,
      now,
      patienceMs: 0,
      publish: async (records) => {
        published.push(...records);
        if (state.linkageIsAway) return;
        for (const { value } of records) await linker.link({ deployment: '', ...advance('@link-decisions.0'), messages: [], decisions: [readDecisionWord(value!)] });
      },
    }),
  };
}

const threeLinked = async (now?: () => number) => {
  const made = desk(now);
  for (const n of [1, 2, 3]) await made.identify(n, n * 1_000, token('NINO', 1), ...(n === 2 ? [] : [token('ULN', n)]));
  return made;
};

it('keeps those named apart from all the rest of their participant, unless it is said from whom', async () => {
  const { desk: asked } = await threeLinked();
  expect(await asked.preview({ kind: 'SPLIT', subjects: [subject(3)] })).toMatchObject({ subjects: hex(3), apartFrom: hex(1, 2) });
  expect(await asked.preview({ kind: 'SPLIT', subjects: [subject(3)], apartFrom: [subject(1)] })).toMatchObject({ apartFrom: hex(1) });
});

it('shows who would be whom, and writes nothing', async () => {
  const { desk: asked, published } = await threeLinked();
  const { before, after } = await asked.preview({ kind: 'SPLIT', subjects: [subject(3)] });
  const members = (people: typeof before) => people.map(({ subjects }) => subjects.map((each) => each.subject));
  expect([members(before), members(after)]).toEqual([[hex(1, 2, 3)], [hex(1, 2), hex(3)]]);
  expect(published).toEqual([]);
  expect((await asked.person(subject(3))).subjects).toHaveLength(3);
});

it('tells since when a conflict is, by the latest word on the way between two values', async () => {
  const { desk: asked } = await threeLinked();
  expect(await asked.conflicts(10)).toMatchObject({ open: 1, conflicts: [{ kinds: ['ULN'], since: '1970-01-01T00:00:03.000Z', metBy: { from: { subject: hex(1)[0] }, steps: [{ rule: 'nino', subject: hex(3)[0] }] } }] });
});

it('tells of two values that contradict each other, not of one under two keys', async () => {
  const { desk: asked, identify } = desk();
  await identify(1, 1_000, token('NINO', 1), token('ULN', 1, 'k0'));
  await identify(2, 2_000, token('NINO', 1), token('ULN', 2));
  await identify(3, 3_000, token('NINO', 1), token('ULN', 3));
  expect(await asked.conflicts(10)).toMatchObject({ conflicts: [{ kinds: ['ULN'], metBy: { from: { subject: hex(2)[0] }, steps: [{ subject: hex(3)[0] }] } }] });
});

it('tells of two values that contradict each other, not of one that too many hold', async () => {
  const { desk: asked, identify } = desk();
  const { value: most } = LINKING_RULES_2026_1.mostSubjectsPerToken;
  await identify(1, 1_000, token('NINO', 1), token('ULN', 1));
  await identify(2, 2_000, token('NINO', 1), token('ULN', 2));
  await identify(3, 3_000, token('NINO', 1), token('ULN', 3));
  for (let n = 0; n < most; n += 1) await identify(4 + n, 1_000, token('ULN', 1));
  expect(await asked.conflicts(10)).toMatchObject({ conflicts: [{ kinds: ['ULN'], metBy: { from: { subject: hex(2)[0] }, steps: [{ subject: hex(3)[0] }] } }] });
});

it('tells of two values that nobody has answered, not of two that were said to be one person’s', async () => {
  const { desk: asked, identify } = desk();
  for (const n of [1, 2, 3]) await identify(n, n * 1_000, token('NINO', 1), token('ULN', n));
  await asked.decide({ kind: 'JOIN', subjects: [subject(1), subject(2)], ...WORDS });
  expect(await asked.conflicts(10)).toMatchObject({ conflicts: [{ kinds: ['ULN'], since: '1970-01-01T00:00:03.000Z', metBy: { from: { subject: hex(1)[0] }, steps: [{ rule: 'nino', subject: hex(3)[0] }] } }] });
  await asked.decide({ kind: 'JOIN', subjects: [subject(2), subject(3)], ...WORDS });
  expect(await asked.conflicts(10)).toMatchObject({ open: 0 });
});

it('decides later than whatever was decided on the same subjects, whatever the clock says', async () => {
  let now = 5_000;
  const { desk: asked } = await threeLinked(() => now);
  await asked.decide({ kind: 'SPLIT', subjects: [subject(3)], ...WORDS });
  now = 1;
  await asked.decide({ kind: 'JOIN', subjects: [subject(1), subject(2), subject(3)], ...WORDS });
  expect((await asked.explain(subject(1), subject(3))).one).toBe(true);
});

it('says so where a decision is in the log and not yet in the links', async () => {
  const { desk: asked, state } = await threeLinked();
  expect(await asked.decide({ kind: 'SPLIT', subjects: [subject(3)], ...WORDS })).toMatchObject({ takenIn: true });
  state.linkageIsAway = true;
  expect(await asked.decide({ kind: 'SPLIT', subjects: [subject(2)], apartFrom: [subject(1)], ...WORDS })).toMatchObject({ takenIn: false });
});

it('gives each word a key of its own, that begins with its decision', async () => {
  const { desk: asked, published } = await threeLinked();
  const { decision } = await asked.decide({ kind: 'SPLIT', subjects: [subject(3)], ...WORDS });
  await asked.withdraw(decision, { by: 'operator', reason: 'DECIDED_IN_ERROR' });
  const keys = published.map(({ key }) => key!.toString('hex'));
  expect(keys.map((key) => [key.slice(0, 32), key.length])).toEqual([[decision, 64], [decision, 64]]);
  expect(new Set(keys).size).toBe(2);
});

it.each([
  ['everybody of a participant', { kind: 'SPLIT', subjects: [1, 2, 3] }, 'DECISION_EMPTY'],
  ['a join of one', { kind: 'JOIN', subjects: [1] }, 'DECISION_EMPTY'],
  ['somebody unheard of', { kind: 'JOIN', subjects: [1, 9] }, 'SUBJECT_UNKNOWN'],
] as const)('refuses %s', async (_, { kind, subjects }, code) => {
  const { desk: asked } = await threeLinked();
  await expect(asked.decide({ kind, subjects: subjects.map(subject), ...WORDS })).rejects.toMatchObject({ code });
});
