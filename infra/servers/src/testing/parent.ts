// A process with a child that would live for ever, and that with one of its own: its end must be theirs.
import { join } from 'node:path';
import { startChild } from '../child-process.js';

const child = await startChild({
  command: process.execPath,
  args: [join(import.meta.dirname, 'with-a-child.mjs')],
  onLine: (line) => process.stdout.write(`${JSON.stringify({ parent: process.pid, family: [child.pid, Number(line)] })}\n`),
});
