import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { checkNhsNumber, checkNino, checkUln } from '@throughline/identity';
import { parse } from 'csv-parse/sync';
import { SaxesParser } from 'saxes';

import { IlrDestinations } from './college/ilr-destinations.js';
import { ILR_SNAPSHOTS } from './college/ilr-snapshots.js';
import { generatePopulation, IDENTITY_FAULTS, loadPlace, PopulationError, referencesOf, writePopulation } from './index.js';
import type { IdentityFault, Life, PopulationOptions, Submission, UntidinessLevel } from './index.js';
import { ninoOf, nhsNumberOf, ulnOf, withExchangedDigits, withWrongCheckDigit, withWrongPrefix } from './identifiers.js';
import { firstNameAt, surnameAt } from './life.js';
import { withoutFault } from './identity-faults.js';
import { Lives } from './lives.js';
import { UNTIDINESS } from './untidiness.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'population-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const filesBelow = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();

function digest(root: string): string {
  const hash = createHash('sha256');
  for (const file of filesBelow(root)) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

async function submissionsOf(options: Partial<PopulationOptions> & { readonly untidiness: UntidinessLevel }): Promise<Submission[]> {
  const submissions: Submission[] = [];
  for await (const submission of generatePopulation({ seed: 'spec', people: 300, directory, ...options })) submissions.push(submission);
  return submissions;
}

const textOf = (submission: Submission): string => readFileSync(submission.path, 'utf8').replace(/^\ufeff/, '');

const people = (lives: Lives, count: number): Life[] => Array.from({ length: count }, (_, person) => lives.life(person));

describe('a population', () => {
  it('is the same bytes for the same seed, and others for another', async () => {
    const digests = [];
    for (const seed of ['one', 'one', 'two']) {
      await writePopulation({ seed, people: 200, untidiness: 'untidy', directory });
      digests.push(digest(directory));
    }
    expect(digests[0]).toBe(digests[1]);
    expect(digests[2]).not.toBe(digests[0]);
  });

  it('tells a life alike whenever it is asked for', () => {
    const place = loadPlace();
    const [forwards, backwards] = [new Lives('spec', place), new Lives('spec', place)];
    const numbers = Array.from({ length: 200 }, (_, person) => person);
    const told = numbers.map((person) => forwards.life(person));
    expect([...numbers].reverse().map((person) => backwards.life(person)).reverse()).toEqual(told);
  });

  it('has twins of one birth, surname and home with different numbers', () => {
    const lives = new Lives('spec', loadPlace());
    const twins = Array.from({ length: 2_000 }, (_, person) => lives.life(person)).filter((life) => life.twin !== null);
    expect(twins.length).toBeGreaterThan(5);
    for (const life of twins) {
      const other = lives.life(life.twin ?? 0);
      expect(other.twin).toBe(life.person);
      expect([other.dateOfBirth, other.surnames[0], other.homes[0]]).toEqual([life.dateOfBirth, life.surnames[0], life.homes[0]]);
      expect(other.nhsNumber).not.toBe(life.nhsNumber);
    }
  });

  it('has twins whose first names begin with the same word', () => {
    const lives = new Lives('spec', loadPlace());
    const firstWord = (life: Life): string | undefined => life.firstNames[0]?.firstName.split(' ')[0];
    const alike = people(lives, 8_000).filter((life) => life.twin !== null && life.twin > life.person && firstWord(life) === firstWord(lives.life(life.twin)));
    expect(alike.length).toBeGreaterThan(3);
    for (const life of alike) expect(lives.life(life.twin ?? 0).nino).not.toBe(life.nino);
  });

  it('has people who change a surname on marrying, and both names by deed', () => {
    const lives = people(new Lives('spec', loadPlace()), 4_000);
    const married = lives.filter(({ firstNames, surnames }) => firstNames.length === 1 && surnames.length > 1);
    const byDeed = lives.filter(({ firstNames }) => firstNames.length > 1);
    expect(married.length).toBeGreaterThan(20);
    expect(byDeed.length).toBeGreaterThan(5);
    for (const life of byDeed) {
      const [before, after] = ['1990-01-01', '2026-06-30'].map((day) => [firstNameAt(life, day), surnameAt(life, day)]);
      expect([before?.[0], after?.[0]]).toEqual(life.firstNames.map(({ firstName }) => firstName));
      expect(after?.[1]).toBe(life.surnames.at(-1)?.surname);
    }
  });

  it('has families of one surname and home, each with a shop that takes in its post', () => {
    const families = new Map<number, Life[]>();
    for (const life of people(new Lives('spec', loadPlace()), 4_000)) if (life.family !== null) families.set(life.family, [...(families.get(life.family) ?? []), life]);
    expect(families.size).toBeGreaterThan(10);
    for (const family of families.values()) {
      expect(family).toHaveLength(4);
      expect(new Set(family.map(({ surnames, homes, shopPostcode }) => JSON.stringify([surnames[0], homes[0], shopPostcode]))).size).toBe(1);
      expect(family[0]?.shopPostcode).not.toBeNull();
    }
  });

  it('gives no reference to two lives', () => {
    const place = loadPlace();
    const references = people(new Lives('spec', place), 4_000).flatMap((life) => referencesOf(life, place).map((each) => `${each.feed} ${each.reference}`));
    expect(new Set(references).size).toBe(references.length);
  });

  it('writes a fault of identity only where it is untidy, and leaves it out, and nothing else, when asked to', async () => {
    const colleges = async (untidiness: UntidinessLevel, without?: IdentityFault): Promise<string> => {
      await writePopulation({ seed: 'letters', people: 400, untidiness, directory, ...(without === undefined ? {} : { without }) });
      return filesBelow(join(directory, 'college')).map((file) => readFileSync(join(directory, 'college', file), 'utf8')).join('');
    };
    const letter = /(<NINumber>[A-Z]{2}\d*)O/g;
    const untidy = await colleges('untidy');
    expect(untidy).toMatch(letter);
    expect(await colleges('perfect')).not.toMatch(letter);
    expect(await colleges('untidy', IDENTITY_FAULTS.find(({ id }) => id === 'letter-for-digit'))).toBe(untidy.replace(letter, '$10'));
  });

  it('has no fault of identity that changes nothing', () => {
    const lives = people(new Lives('spec', loadPlace()), 300);
    for (const fault of IDENTITY_FAULTS) {
      const shares = withoutFault(UNTIDINESS.untidy, fault);
      const touched = fault.shares.filter((share) => shares[share] === 0 && UNTIDINESS.untidy[share] > 0 && UNTIDINESS.tidy[share] > 0);
      const changed = lives.filter((life) => JSON.stringify(fault.life?.(life) ?? life) !== JSON.stringify(life));
      expect([fault.id, touched.length + changed.length > 0]).toEqual([fault.id, true]);
    }
  });

  it('never gives one person two jobs at once', () => {
    const lives = new Lives('spec', loadPlace());
    for (let person = 0; person < 2_000; person += 1) {
      const { jobs } = lives.life(person);
      jobs.slice(1).forEach((job, index) => expect(job.start > (jobs[index]?.end ?? '9999')).toBe(true));
    }
  });

  it.each([1, 300])('names in its manifest every payload it wrote of %i people and no other', async (people) => {
    const submissions = await submissionsOf({ untidiness: 'untidy', people });
    const payloads = filesBelow(directory).filter((file) => file.includes('/'));
    expect([...new Set(submissions.map((submission) => submission.file))].sort()).toEqual(payloads);
    expect(submissions.map((submission) => submission.order)).toEqual(submissions.map((_, index) => index + 1));
    if (people > 1) expect(new Set(submissions.map((submission) => submission.feed))).toEqual(new Set(['ilr', 'bars', 'nhs-csv', 'dwp-citizen', 'hmrc-rti', 'rtof', 'nccis']));
  });

  it('sends some files twice and some out of order only where it is untidy', async () => {
    const due = (submission: Submission): string => submission.asOf ?? '';
    const perfect = (await submissionsOf({ untidiness: 'perfect' })).filter((submission) => submission.feed === 'nhs-csv');
    expect(perfect.map(due)).toEqual(perfect.map(due).sort());
    expect(perfect.some((submission) => submission.refusedWhole)).toBe(false);
    const untidy = await submissionsOf({ untidiness: 'untidy' });
    expect(new Set(untidy.map((submission) => submission.file)).size).toBeLessThan(untidy.length);
    expect(untidy.some((submission) => submission.refusedWhole)).toBe(true);
  });

  it('writes each format well formed, but for what has to be refused whole', async () => {
    for (const submission of await submissionsOf({ untidiness: 'untidy' })) {
      if (submission.refusedWhole) continue;
      const text = textOf(submission);
      if (submission.mediaType.includes('xml')) {
        const parser = new SaxesParser({ xmlns: true });
        let root = '';
        parser.on('opentag', (tag) => {
          root ||= tag.uri;
        });
        parser.on('error', (error) => {
          throw error;
        });
        parser.write(text).close();
        expect(root).toMatch(submission.feed === 'ilr' ? /^ESFA\/ILR\/20\d\d-\d\d$/ : /^http:\/\/hl7\.org\/fhir$/);
      } else if (submission.mediaType === 'text/csv') {
        expect(() => parse(text, { columns: true })).not.toThrow();
      } else {
        for (const line of text.trimEnd().split('\n')) expect(JSON.parse(line)).toBeInstanceOf(Object);
      }
    }
  });

  it('puts no identifier into a format that has no place for it', async () => {
    const lives = new Lives('spec', loadPlace());
    const numbers = Array.from({ length: 60 }, (_, person) => lives.life(person));
    const absent: Readonly<Record<string, readonly ('nino' | 'uln' | 'nhsNumber')[]>> = {
      bars: ['nino', 'uln'],
      'nhs-csv': ['nino', 'uln'],
      ilr: ['nhsNumber'],
      'dwp-citizen': ['uln', 'nhsNumber'],
      'hmrc-rti': ['uln', 'nhsNumber'],
      rtof: ['uln', 'nhsNumber'],
      nccis: ['nino', 'uln', 'nhsNumber'],
    };
    for (const submission of await submissionsOf({ untidiness: 'ordinary', people: 60 })) {
      const text = textOf(submission).replaceAll(' ', '');
      for (const kind of absent[submission.feed] ?? []) {
        for (const life of numbers) expect(text.includes(life[kind])).toBe(false);
      }
    }
  });

  it('tells what became of learners who left in the years that have destinations, and in no other', async () => {
    const files = (await submissionsOf({ untidiness: 'untidy' })).filter(({ feed, refusedWhole }) => feed === 'ilr' && !refusedWhole).map(textOf);
    const [older, newer] = [files.filter((text) => text.includes('ESFA/ILR/2023-24')), files.filter((text) => !text.includes('ESFA/ILR/2023-24'))];
    expect(newer.filter((text) => text.includes('LearnerDestinationandProgression'))).toEqual([]);
    for (const text of older) expect(text).toContain('<DPOutcome>');
  });

  it('knows destinations in work, out of it, in learning, over, and still ahead', () => {
    const [place, destinations] = [loadPlace(), new IlrDestinations('spec', UNTIDINESS.perfect)];
    const lives = new Lives('spec', place);
    const kinds = new Set<string>();
    for (let person = 0; person < 4_000; person += 1) {
      const life = lives.life(person);
      for (const { ukprn } of place.colleges) {
        for (const snapshot of ILR_SNAPSHOTS) {
          for (const { type, code, start, end, collected } of destinations.view(life, ukprn, snapshot)?.outcomes ?? []) {
            kinds.add(`${type}${code}${end === null ? '' : ' over'}${start > collected ? ' ahead' : ''}`);
          }
        }
      }
    }
    expect([...kinds]).toEqual(expect.arrayContaining(['EMP1', 'EMP2', 'EMP4', 'EMP2 over', 'EMP1 ahead', 'NPE1', 'NPE2', 'EDU5']));
  });

  it('tells payments again under another date, in answers that did not ask about the first, only where it is untidy', async () => {
    interface Answer {
      readonly request: { readonly fromDate: string; readonly toDate: string };
      readonly response: { readonly taxYears: readonly { readonly uniquePaymentId: number; readonly paymentDate: string; readonly hmrcReceiptTimestamp: string }[] };
    }
    const redated = async (untidiness: UntidinessLevel): Promise<number> => {
      const answers = (await submissionsOf({ untidiness })).filter(({ feed, refusedWhole }) => feed === 'hmrc-rti' && !refusedWhole).flatMap((submission) => textOf(submission).trimEnd().split('\n').map((line) => JSON.parse(line) as Answer));
      const told = answers.flatMap(({ response }) => response.taxYears);
      return answers.flatMap(({ request, response }) =>
        response.taxYears.filter((item) =>
          told.some((other) => other.uniquePaymentId === item.uniquePaymentId && other.hmrcReceiptTimestamp < item.hmrcReceiptTimestamp && other.paymentDate < request.fromDate && other.paymentDate !== item.paymentDate),
        ),
      ).length;
    };
    expect(await redated('perfect')).toBe(0);
    expect(await redated('untidy')).toBeGreaterThan(5);
  });

  it('refuses a size it has no numbers for', async () => {
    await expect(writePopulation({ seed: 'spec', people: 400_001, untidiness: 'tidy', directory })).rejects.toThrow(PopulationError);
    await expect(writePopulation({ seed: 'spec', people: 0, untidiness: 'tidy', directory })).rejects.toThrow(PopulationError);
  });
});

describe('identifiers', () => {
  const sample = [...Array.from({ length: 3_000 }, (_, index) => index), 199_999, 399_999];

  it('pass their checks and are each one person’s', () => {
    for (const [make, check] of [[nhsNumberOf, checkNhsNumber], [ulnOf, checkUln], [ninoOf, checkNino]] as const) {
      const made = sample.map(make);
      expect(made.filter((text) => check(text) !== 'PASSED')).toEqual([]);
      expect(new Set(made).size).toBe(sample.length);
    }
  });

  it('fail when spoilt, but for a NINO with two digits exchanged', () => {
    for (const person of sample) {
      expect(checkNhsNumber(withWrongCheckDigit(nhsNumberOf(person)))).toBe('FAILED');
      expect(checkUln(withWrongCheckDigit(ulnOf(person)))).toBe('FAILED');
      expect(checkNino(withWrongPrefix(ninoOf(person)))).toBe('FAILED');
      expect(checkNhsNumber(withExchangedDigits(nhsNumberOf(person)))).toBe('FAILED');
      expect(checkNino(withExchangedDigits(ninoOf(person)))).toBe('PASSED');
    }
  });
});
