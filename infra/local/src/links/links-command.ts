import { parseArgs } from 'node:util';
import { LocalError } from '@throughline/servers';
import { LinksClient } from './links-client.js';
import type { Words } from './links-client.js';
import { conflictsText, decidedText, decisionsText, explainedText, personText, previewText } from './links-text.js';

const USAGE = [
  'npm run -s links -- list [--most 100]',
  'npm run -s links -- explain <participant or subject> | <subject> <subject>',
  'npm run -s links -- split <subject> ... [--from <subject> ...] [--by <name> --reason <code> [--note <words>] --commit]',
  'npm run -s links -- join <subject> <subject> ... [--by <name> --reason <code> [--note <words>] --commit]',
  'npm run -s links -- withdraw <decision> --by <name> --reason <code> [--note <words>]',
].join('\n  ');

const usage = (what: string): LocalError => new LocalError('SETTING_INVALID', what, `one of\n  ${USAGE}`);

function parsed(words: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { most: text, from: { ...text, multiple: true }, by: text, reason: text, note: text, commit: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (cause) {
    throw usage(cause instanceof Error ? (cause.message.split('.')[0] ?? cause.message) : String(cause));
  }
}

function wordsOf({ by, reason, note }: ReturnType<typeof parsed>['values']): Words {
  if (by === undefined || reason === undefined) throw usage('Who decides (--by) and why (--reason) are needed');
  return { by, reason, ...(note === undefined ? {} : { note }) };
}

/**
 * `npm run links`: who is in conflict, why two subjects are one, and what operators decide. A split or join is shown and
 * nothing more unless it is committed.
 *
 * @param words of the command line
 * @param url base URL of linkage
 * @returns what to print
 * @throws LocalError
 */
export async function links(words: readonly string[], url: string): Promise<string> {
  const { positionals, values } = parsed(words);
  if (values.help === true) return `Usage: one of\n  ${USAGE}`;
  const [verb = '', ...ids] = positionals;
  const client = new LinksClient(url);
  switch (verb) {
    case 'list': {
      const most = Number(values.most ?? '100');
      if (!Number.isSafeInteger(most) || most < 1) throw usage('The number of conflicts must be 1 or more');
      return `${conflictsText(await client.conflicts(most))}\n${decisionsText(await client.decisions())}`;
    }
    case 'explain': {
      const [first, second, ...more] = ids;
      if (first === undefined || more.length > 0) throw usage('One participant, or one subject or two, are explained');
      return second === undefined ? personText(await client.person(first)) : explainedText(await client.explain(first, second));
    }
    case 'split':
    case 'join': {
      const whom = { kind: verb === 'split' ? ('SPLIT' as const) : ('JOIN' as const), subjects: ids, ...(values.from === undefined ? {} : { apartFrom: values.from }) };
      if (ids.length === 0) throw usage('Subjects are needed');
      if (verb === 'join' && values.from !== undefined) throw usage('A join is apart from nobody');
      const preview = await client.preview(whom);
      if (values.commit !== true) return `${previewText(preview)}\nNothing was decided: --commit with --by and --reason does.`;
      // Of exactly those shown: somebody may have joined them meanwhile.
      const decided = await client.decide({ kind: whom.kind, subjects: preview.subjects, ...(whom.kind === 'SPLIT' ? { apartFrom: preview.apartFrom } : {}) }, wordsOf(values));
      return `${previewText(preview)}\n${decidedText(decided)}`;
    }
    case 'withdraw': {
      const [decision, ...more] = ids;
      if (decision === undefined || more.length > 0) throw usage('One decision is withdrawn');
      return decidedText(await client.withdraw(decision, wordsOf(values)));
    }
    default:
      throw usage(verb === '' ? 'What to do is needed' : `Unknown "${verb}"`);
  }
}
