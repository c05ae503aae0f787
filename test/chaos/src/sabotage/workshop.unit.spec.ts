import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@throughline/servers';
import { openWorkshop } from './workshop.js';
import type { Workshop } from './workshop.js';

const SPEC = 'libs/telemetry/src/never-ends.unit.spec.ts';

/** Three ends, the last one none: it never gives the process back, so that no limit of Jest's own can end it. */
const specSource = (begun: string): string[] => [
  "import { writeFileSync } from 'node:fs';",
  "it('holds', () => undefined);",
  "it('breaks', () => expect(1).toBe(2));",
  "it('never ends', () => {",
  `  writeFileSync('${begun}', '');`,
  '  for (;;);',
  '});',
];

let folder: string;
let workshop: Workshop;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-workshop-'));
  const lines = specSource(join(folder, 'begun'));
  await writeFile(join(folder, 'spec.patch'), [`--- /dev/null`, `+++ b/${SPEC}`, `@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`), ''].join('\n'));
  workshop = await openWorkshop({});
  await workshop.apply(join(folder, 'spec.patch'));
});

afterAll(async () => {
  await workshop.remove();
  await rm(folder, { recursive: true, force: true });
});

it('tells how each test ended, and of none that is not there', async () => {
  const run = await workshop.run(SPEC, ['holds', 'breaks', 'is not there'], new AbortController().signal);
  expect(run).toEqual({ ends: new Map([['holds', 'passed'], ['breaks', 'failed'], ['is not there', 'absent']]), stopped: false });
});

it('kills a run that never ends, and still tells what came before', async () => {
  const limit = new AbortController();
  const running = workshop.run(SPEC, ['holds', 'never ends'], limit.signal);
  await waitFor(() => access(join(folder, 'begun')).then(() => true), { what: 'the test that never ends to begin', timeoutMs: 110_000 });
  limit.abort();
  expect(await running).toEqual({ ends: new Map([['holds', 'passed'], ['never ends', 'absent']]), stopped: true });
});
