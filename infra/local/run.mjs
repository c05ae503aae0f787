// Placeholder of the bootstrap, replaced at once by the real one.
import { spawnSync } from 'node:child_process';
const [tool, ...args] = process.argv.slice(2);
const env = { ...process.env, NX_DAEMON: 'false', PATH: `${process.cwd()}/node_modules/.bin:${process.env.PATH}` };
if (tool === 'jest') env.NODE_OPTIONS = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
const r = spawnSync(tool, args, { stdio: 'inherit', env });
process.exit(r.status ?? 1);
