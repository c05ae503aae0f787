// Searches for histories that go wrong without each guard, and for any that goes wrong with all of them.
//   node infra/local/run.mjs run test/model/find-histories.ts [histories] [first seed]
import { runHistory } from './histories.js';
import { GUARDS } from './workers-in-miniature.js';
import type { Guard } from './workers-in-miniature.js';

const histories = Number(process.argv[2] ?? 60_000);
const first = Number(process.argv[3] ?? 1);

function wrongOnes(without: readonly Guard[], most: number): number[] {
  const found: number[] = [];
  for (let seed = first; seed < first + histories && found.length < most; seed += 1) if (runHistory(seed, without).length > 0) found.push(seed);
  return found;
}

process.stdout.write(`all guards, ${histories} histories: ${JSON.stringify(wrongOnes([], 5))}\n`);
for (const guard of GUARDS) process.stdout.write(`without "${guard}": ${JSON.stringify(wrongOnes([guard], 2))}\n`);
