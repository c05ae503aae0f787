// A process that would live for ever, with another in its own group, whose id it says.
import { spawn } from 'node:child_process';

const { pid } = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'], { stdio: 'ignore' });
process.stdout.write(`${pid}\n`);
setInterval(() => undefined, 1e9);
