#!/usr/bin/env node
// The one entry of all npm scripts. Runs on the machine's own Node: installs the packages when needed, finds Node 24 and
// runs the command there. Usage: node infra/local/run.mjs <start|reset|cut|rebuild|rules:diff|ledger-export|dead-letters|links|parts|servers|test|jest|nx|tsc|eslint|run> [words …]
import { spawn, spawnSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { COMMANDS, nodeArguments } from './bootstrap/commands.mjs';
import { installPackages } from './bootstrap/install.mjs';
import { findNode } from './bootstrap/node-24.mjs';

const root = join(import.meta.dirname, '..', '..');

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function prepare(words) {
  const args = nodeArguments(root, words);
  if (args === undefined) {
    fail(`Unknown command "${words[0] ?? ''}". Commands: ${[...Object.keys(COMMANDS), 'run <file.ts>'].join(', ')}.`);
  }
  try {
    installPackages(root);
    return { args, node: findNode(root) };
  } catch (error) {
    return fail(error.message);
  }
}

const words = process.argv.slice(2);
const { args, node } = prepare(words);
const env = {
  ...process.env,
  NX_DAEMON: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
  PATH: [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter),
};

// The lint rule for module boundaries reads the project graph from Nx's cache and cannot make it itself.
if (words[0] === 'eslint') {
  const graph = spawnSync(node, [...nodeArguments(root, ['nx']), 'show', 'projects'], { cwd: root, env, encoding: 'utf8' });
  if (graph.status !== 0) fail(`Nx could not read the workspace:\n${graph.stdout}${graph.stderr}`);
}

// Our own scripts notice by the channel that this process is gone, whatever ended it.
const stdio = args.includes('--enable-source-maps') ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit';
const child = spawn(node, args, { cwd: process.env.INIT_CWD ? root : process.cwd(), env, stdio });
// A signal to this process alone (not from a terminal, which signals both) is handed on; the exit code is the child's.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('error', (error) => fail(`Could not run ${node}: ${error.message}`));
child.on('exit', (code, signal) => {
  if (signal !== null) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else {
    process.exit(code ?? 1);
  }
});
