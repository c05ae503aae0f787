import { createWriteStream } from 'node:fs';

/** The output of a server: to a file, and its last lines for an error message. */
export interface ServerLog {
  readonly file: string;
  readonly write: (line: string) => void;
  /** The last lines, joined by " | ". */
  readonly tail: () => string;
  readonly close: () => void;
}

export function serverLog(file: string): ServerLog {
  const stream = createWriteStream(file, { flags: 'a' });
  // A full disk must not take the supervisor down with the log.
  stream.on('error', () => undefined);
  const last: string[] = [];
  return {
    file,
    write(line) {
      stream.write(`${line}\n`);
      last.push(line);
      if (last.length > 5) last.shift();
    },
    tail: () => last.join(' | '),
    close: () => stream.end(),
  };
}
