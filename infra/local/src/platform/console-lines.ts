/** Colours of the services' prefixes, in turn. */
const COLOURS = [36, 35, 33, 32, 34, 96, 95, 93];
const LEVELS: Readonly<Record<number, string>> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
/** Fields that every line has and that tell a reader of one console nothing. */
const DULL = new Set(['level', 'time', 'pid', 'hostname', 'service', 'name', 'msg', 'v']);

export const colour = (code: number, text: string, coloured: boolean): string => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);

/** An error by what it says: its stack is in the log file. */
function readableValue(value: unknown): string {
  if (typeof value === 'string') return value;
  const message = typeof value === 'object' && value !== null && 'message' in value ? value.message : undefined;
  return JSON.stringify(typeof message === 'string' ? message : value);
}

/** Whether a line is of interest only in the log file: JSON, and of a level below a warning. */
export function isRoutine(line: string): boolean {
  const level = /^\{"level":(?:"(\w+)"|(\d+))/.exec(line);
  return level !== null && (level[1] === undefined ? Number(level[2]) < 40 : ['trace', 'debug', 'info'].includes(level[1]));
}

/** One line of a service's JSON log as a person reads it; a line that is no JSON object stays as it is. */
export function readableLine(line: string): string {
  if (!line.startsWith('{')) return line;
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const level = LEVELS[Number(entry['level'])] ?? (typeof entry['level'] === 'string' ? entry['level'] : '');
  const rest = Object.entries(entry)
    .filter(([name]) => !DULL.has(name))
    .map(([name, value]) => `${name}=${readableValue(value)}`);
  return [level, typeof entry['msg'] === 'string' ? entry['msg'] : '', ...rest].filter((part) => part !== '').join(' ');
}

/**
 * Makes the printer of a service's lines.
 *
 * @param index of the service, which gives it its colour
 * @param width of the widest name
 */
export function prefixer(name: string, index: number, width: number, coloured: boolean): (line: string) => string {
  const prefix = colour(COLOURS[index % COLOURS.length] as number, `${name.padEnd(width)} |`, coloured);
  return (line) => `${prefix} ${readableLine(line)}`;
}
