import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATED_FILE, contractFaults, readReleased } from './contract-state.js';
import { SCHEMAS_FOLDER, digestOf, readContractSources, releasedName } from './contract-sources.js';
import { renderContracts } from './render-types.js';

const sources = readContractSources();
const released = readReleased();

describe('the contract in schemas/', () => {
  it('is what the generated types say: if not, npm run contracts', () => {
    expect(readFileSync(GENERATED_FILE, 'utf8')).toBe(renderContracts(sources));
  });

  it('keeps its form, and every released version as it was', () => {
    expect(contractFaults(sources, released)).toEqual([]);
  });

  it('has released every version of its catalogue: if not, npm run contracts:release', () => {
    expect(Object.keys(released.digests).sort()).toEqual([...sources.versions, ...sources.records].map(releasedName).sort());
  });

  it.each([
    ['events', sources.versions],
    ['records', sources.records],
  ] as const)('lists every folder of %s in the catalogue and each on one topic', (kind, versions) => {
    const names = readdirSync(join(SCHEMAS_FOLDER, kind)).sort();
    expect([...new Set(versions.map(({ name }) => name))].sort()).toEqual(names);
    expect(sources.topics.flatMap((topic) => topic[kind] ?? []).sort()).toEqual(names);
  });
});

describe('freezing', () => {
  const name = 'JobStarted/v1.avsc';

  it('notices a changed released copy', () => {
    const files = { ...released.files, [name]: `${released.files[name] ?? ''} ` };
    expect(contractFaults(sources, { ...released, files })).toContainEqual(
      expect.objectContaining({ code: 'RELEASED_COPY_CHANGED', place: `schemas/released/${name}` }),
    );
  });

  it('notices a copy changed together with its digest', () => {
    const text = (released.files[name] ?? '').replace('A person started a job.', 'Something else.');
    const forged = { files: { ...released.files, [name]: text }, digests: { ...released.digests, [name]: digestOf(text) } };
    expect(contractFaults(sources, forged)).toEqual([expect.objectContaining({ code: 'SOURCE_LEFT_RELEASE', place: `schemas/events/${name}` })]);
  });

  it('notices a source that left its released version, also by a shared type', () => {
    const versions = sources.versions.map((version) => ({
      ...version,
      schema: JSON.parse(JSON.stringify(version.schema).replace('"evidence"', '"proof"')) as typeof version.schema,
    }));
    const places = contractFaults({ ...sources, versions }, released).filter(({ code }) => code === 'SOURCE_LEFT_RELEASE');
    expect(places).toHaveLength(versions.length);
  });

  it('notices a version taken from the catalogue', () => {
    const versions = sources.versions.filter(({ name, version }) => name !== 'JobStarted' || version === 1);
    expect(contractFaults({ ...sources, versions }, released)).toEqual([expect.objectContaining({ code: 'RELEASED_VERSION_MISSING' })]);
  });

  it('judges records as it does events', () => {
    const records = sources.records.map((version) => ({ ...version, schema: { ...version.schema, fields: version.schema.fields.slice(1) } }));
    const found = contractFaults({ ...sources, records }, released).map(({ code, place }) => `${code} ${place}`);
    expect(found).toContain('SOURCE_LEFT_RELEASE schemas/records/OutcomeCut/v1.avsc');
    expect(contractFaults({ ...sources, records: [] }, released)).toContainEqual(expect.objectContaining({ code: 'RELEASED_VERSION_MISSING' }));
  });

  it('judges a new version against the released one', () => {
    const first = sources.versions.findLast(({ name }) => name === 'SupportStarted');
    if (first === undefined) throw new Error('SupportStarted is gone.');
    const next = { ...first, id: 1199, version: first.version + 1, schema: { ...first.schema, fields: first.schema.fields.slice(0, 1) } };
    expect(contractFaults({ ...sources, versions: [...sources.versions, next] }, released)).toContainEqual(
      expect.objectContaining({ code: 'FIELD_REMOVED', place: 'SupportStarted.provider' }),
    );
  });
});
