import { MultiBar, Presets } from 'cli-progress';

/** One thing under way, shown to whoever waits for it. */
export interface ProgressTask {
  /** @param done how much is done, in the unit of the total */
  update(done: number): void;
  finish(): void;
}

/** Where progress is shown. */
export interface Progress {
  /**
   * @param label what is being done, as a user would say it
   * @param total in `unit`
   */
  start(label: string, total: number, unit: string): ProgressTask;
}

/** Shows nothing: for tests and for callers with their own display. */
export const silentProgress: Progress = { start: () => ({ update: () => undefined, finish: () => undefined }) };

/** A bar per task on a terminal; elsewhere (logs, CI) a line at the start and one at the end. */
export function terminalProgress(stream: NodeJS.WriteStream): Progress {
  return {
    start(label, total, unit) {
      const began = performance.now();
      const seconds = (): string => ((performance.now() - began) / 1000).toFixed(1);
      if (!stream.isTTY) {
        stream.write(`${label} (${total} ${unit}) ...\n`);
        return { update: () => undefined, finish: () => stream.write(`${label}: done in ${seconds()} s\n`) };
      }
      const bars = new MultiBar(
        { stream, format: '{label} {bar} {value}/{total} {unit}', clearOnComplete: true, hideCursor: true },
        Presets.shades_classic,
      );
      const bar = bars.create(total, 0, { label, unit });
      return {
        update: (done) => bar.update(Math.min(done, total)),
        finish() {
          bars.stop();
          stream.write(`${label}: done in ${seconds()} s\n`);
        },
      };
    },
  };
}
