import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { withoutIdentifiers } from './redaction.js';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  /** Name of the process, on every line. */
  readonly service: string;
  readonly level: LogLevel;
  /** Where lines go; standard output unless told. */
  readonly destination?: DestinationStream;
}

/**
 * JSON lines of counts and ids, never of records: `time` (ISO), `level` (word), `service`, `msg` and the fields given.
 * A last net under that rule: fields named for personal data are blanked, text that looks like an NHS number, ULN, NINO or
 * postcode is masked, and of an error only type, code, place, remedy and stack frames are told; its message only where the
 * error is ours (it has a remedy), since others quote what they choked on.
 */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        // Errors are reduced here, while they are still errors and before pino copies message and cause.
        log: (fields) => withoutIdentifiers(fields) as Record<string, unknown>,
      },
      serializers: { err: (reduced: unknown) => reduced },
      hooks: {
        logMethod(args, method) {
          const [first, ...rest] = args as unknown[];
          // Alone, an error would bring its own message as the line's.
          const told = first instanceof Error ? [{ err: first }, ...(rest.length === 0 ? [first.name] : rest)] : args;
          method.apply(this, told as Parameters<typeof method>);
        },
        // The one place that every line passes: fields, children's bindings, messages with their parameters.
        streamWrite: (line) => `${JSON.stringify(withoutIdentifiers(JSON.parse(line)))}\n`,
      },
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

export type { Logger };
