import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stateFolders, waitFor } from '@throughline/local';
import { compareCells, describeDifferences } from '@throughline/test-recount';
import { ilrReturn, PartnersStory, personCsv, totalOf } from './partners-story.js';
import type { StoryFile } from './partners-story.js';
import { ROOT, runPlatform } from './running-platform.js';
import type { RunningPlatform } from './running-platform.js';

const COLLEGE = { deployment: 'college', feed: 'ilr', mediaType: 'application/xml' };
const PERSON = { deployment: 'council', feed: 'rtof', part: 'person', mediaType: 'text/csv' };
const BARS = { deployment: 'nhs', feed: 'bars', mediaType: 'application/fhir+json' };
const LEARNERS = 8;

describe('what is held, rejected, confirmed, taken back and dropped into a folder', () => {
  let folder: string;
  let running: RunningPlatform;
  let story: PartnersStory;
  /** The files whose word stands, which is all that the figures may show. */
  let standing: StoryFile[];

  const shown = (): Promise<Map<string, number>> => running.cells();
  const expectStanding = async (): Promise<Map<string, number>> => {
    const cells = await shown();
    expect(describeDifferences(compareCells(cells, await story.knowable(standing)))).toBe('');
    return cells;
  };
  const college = (file: string, dateTime: string, learners: number) => story.write({ ...COLLEGE, file }, ilrReturn({ ukprn: 10_990_888, dateTime, learners }));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'throughline-story-'));
    running = await runPlatform();
    story = new PartnersStory(folder, running);
    standing = [
      await college('college.xml', '2026-02-01T09:00:00', LEARNERS),
      await story.write({ ...PERSON, file: 'person.csv', asOf: '2026-02-01T09:00:00Z' }, personCsv([['S-1', '2025-10'], ['S-2', '2025-11']])),
    ];
    for (const file of standing) await story.until(file.deployment, await story.send(file), 'published');
  });

  afterAll(async () => {
    await running?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('begins with what was sent', async () => {
    const cells = await expectStanding();
    expect([totalOf(cells, 'learning_starts'), totalOf(cells, 'support_starts')]).toEqual([LEARNERS, 2]);
  });

  describe('a college’s return that would withdraw most of what is held', () => {
    it('is held, and nothing of it shows', async () => {
      const short = await college('short-rejected.xml', '2026-02-02T09:00:00', 1);
      const { submissionId, held } = await story.until('college', await story.send(short), 'held');
      expect(held?.code).toBe('would-withdraw-many');
      expect(held!.withdrawn / held!.inForce).toBeCloseTo((LEARNERS - 1) / LEARNERS);
      await expectStanding();

      expect(await story.ask('college', submissionId, 'withdraw')).toMatchObject({ status: 409 });
      expect(await story.ask('college', submissionId, 'reject')).toMatchObject({ status: 202 });
      await story.until('college', submissionId, 'rejected');
      await expectStanding();

      // The same payload again is the same submission: it stays turned down.
      expect(await story.send(short)).toBe(submissionId);
      expect((await story.view('college', submissionId)).state).toBe('rejected');
      expect(await story.ask('college', submissionId, 'confirm')).toMatchObject({ status: 409 });
      await expectStanding();
    });

    it('withdraws what it left out once it is confirmed', async () => {
      const short = await college('short-confirmed.xml', '2026-02-03T09:00:00', 1);
      const { submissionId } = await story.until('college', await story.send(short), 'held');
      await expectStanding();
      expect(await story.ask('college', submissionId, 'confirm')).toMatchObject({ status: 202 });
      await story.until('college', submissionId, 'published');
      standing.push(short);
      expect(totalOf(await expectStanding(), 'learning_starts')).toBe(1);
    });

    it('is overtaken while it waits by a newer return that holds everybody', async () => {
      const whole = await college('whole-again.xml', '2026-02-04T09:00:00', LEARNERS);
      await story.until('college', await story.send(whole), 'published');
      standing.push(whole);
      expect(totalOf(await expectStanding(), 'learning_starts')).toBe(LEARNERS);

      const short = await college('short-overtaken.xml', '2026-02-05T09:00:00', 1);
      const { submissionId } = await story.until('college', await story.send(short), 'held');
      const newer = await college('whole-newer.xml', '2026-02-06T09:00:00', LEARNERS);
      await story.until('college', await story.send(newer), 'published');
      standing.push(newer);
      await story.until('college', submissionId, 'superseded');
      expect(totalOf(await expectStanding(), 'learning_starts')).toBe(LEARNERS);
    });
  });

  describe('a council’s wrong file', () => {
    const wrongRows = [['S-2', '2024-01'], ['S-3', '2024-01'], ['S-4', '2024-01']] as const;

    it('is taken back whole: what it said last of somebody stands no more', async () => {
      const wrong = await story.write({ ...PERSON, file: 'wrong.csv', asOf: '2026-02-02T09:00:00Z' }, personCsv(wrongRows));
      const before = standing;
      standing = [...before, wrong];
      const submissionId = await story.send(wrong);
      await story.until('council', submissionId, 'published');
      expect(totalOf(await expectStanding(), 'support_starts')).toBe(4);

      const answer = await story.ask('council', submissionId, 'withdraw');
      expect(answer).toMatchObject({ status: 202, note: expect.stringContaining('later clock') as string });
      await story.until('council', submissionId, 'withdrawn');
      // S-2 had its earlier word replaced by the wrong one, so nobody says anything of it now.
      const onlyFirst = await story.write({ ...PERSON, file: 'only-first.csv', asOf: '2026-02-01T09:00:00Z' }, personCsv([['S-1', '2025-10']]));
      standing = [...before.filter(({ file }) => file !== 'person.csv'), onlyFirst];
      expect(totalOf(await expectStanding(), 'support_starts')).toBe(1);

      // Sent again it is the submission that was withdrawn.
      expect(await story.send(wrong)).toBe(submissionId);
      expect((await story.view('council', submissionId)).state).toBe('withdrawn');
      expect(totalOf(await expectStanding(), 'support_starts')).toBe(1);
    });

    it('is put right by a later one', async () => {
      const right = await story.write(
        { ...PERSON, file: 'right.csv', asOf: '2026-02-03T09:00:00Z' },
        personCsv([['S-2', '2025-11'], ['S-3', '2025-12'], ['S-4', '2026-01']]),
      );
      await story.until('council', await story.send(right), 'published');
      standing.push(right);
      expect(totalOf(await expectStanding(), 'support_starts')).toBe(4);
    });
  });

  it('takes a file from the inbox folder, moves it to done/ with its report beside it, and counts it', async () => {
    const asOf = '2026-02-04T09:00:00.000Z';
    const dropped = await story.write({ ...PERSON, file: 'dropped by Jo Bloggs.csv', asOf }, `${personCsv([['S-5', '2026-01'], ['S-6', 'soon']])}\n`);
    const inbox = stateFolders(running.stateDir).inbox('council');
    const target = join(inbox, 'rtof', 'person');
    await mkdir(target, { recursive: true });
    const unfinished = join(target, `${dropped.file}.partial`);
    await copyFile(story.path(dropped), unfinished);
    await utimes(unfinished, new Date(asOf), new Date(asOf));
    await rename(unfinished, join(target, dropped.file));

    const files = await waitFor(
      async () => {
        const found = await readdir(join(inbox, 'done'));
        return (await readdir(target)).length === 0 && found.length > 0 && found;
      },
      { what: 'the file to be in done/', timeoutMs: 90_000 },
    );
    const submissionId = files.find((name) => /^[0-9a-f]{32}$/.test(name)) ?? '';
    expect(files.toSorted()).toEqual([submissionId, `${submissionId}.report.csv`]);
    expect(await readFile(join(inbox, 'done', submissionId))).toEqual(await readFile(story.path(dropped)));
    expect(await readFile(join(inbox, 'done', `${submissionId}.report.csv`), 'utf8')).toMatch(/2.*bad-date/);
    expect((await story.view('council', submissionId)).state).toBe('published');
    standing.push(dropped);
    expect(totalOf(await expectStanding(), 'support_starts')).toBe(5);
  });

  describe('a BaRS message by $process-message', () => {
    const post = async (file: StoryFile): Promise<{ readonly status: number; readonly submissionId: string }> => {
      const response = await fetch(`${running.adapterUrl('nhs')}/$process-message`, {
        method: 'POST',
        headers: {
          'content-type': 'application/fhir+json;version=1.0.0',
          'x-request-id': randomUUID(),
          'x-correlation-id': randomUUID(),
          'nhsd-target-identifier': Buffer.from('{"system":"https://fhir.nhs.uk/Id/dos-service-id","value":"2000099901"}').toString('base64'),
        },
        body: await readFile(story.path(file)),
      });
      await response.body?.cancel();
      return { status: response.status, submissionId: (response.headers.get('location') ?? '').replace('/submissions/', '') };
    };
    let message: string;

    beforeAll(async () => {
      message = await readFile(join(ROOT, 'services/nhs-adapter/examples/bars-referral-new.json'), 'utf8');
    });

    it('is counted', async () => {
      expect(totalOf(await expectStanding(), 'referrals')).toBe(0);
      const referral = await story.write({ ...BARS, file: 'referral.json' }, message);
      const { status, submissionId } = await post(referral);
      expect(status).toBe(200);
      await story.until('nhs', submissionId, 'published');
      standing.push(referral);
      expect(totalOf(await expectStanding(), 'referrals')).toBe(1);
    });

    it('is taken back by a delete', async () => {
      const bundle = JSON.parse(message) as { timestamp: string; entry: { resource: { resourceType: string; reason?: { coding: { code: string }[] } } }[] };
      bundle.timestamp = '2026-01-15T09:00:00+00:00';
      bundle.entry.find(({ resource }) => resource.resourceType === 'MessageHeader')!.resource.reason!.coding[0]!.code = 'delete';
      const deleted = await story.write({ ...BARS, file: 'delete.json' }, JSON.stringify(bundle));
      const { status, submissionId } = await post(deleted);
      expect(status).toBe(200);
      await story.until('nhs', submissionId, 'published');
      standing.push(deleted);
      expect(totalOf(await expectStanding(), 'referrals')).toBe(0);
    });
  });
});
