// A process with a child that would live for ever: its end must be the child's.
import { startChild } from '../child-process.js';

const child = await startChild({ command: process.execPath, args: ['-e', 'setInterval(() => {}, 1e9)'] });
process.stdout.write(`${JSON.stringify({ parent: process.pid, child: child.pid })}\n`);
