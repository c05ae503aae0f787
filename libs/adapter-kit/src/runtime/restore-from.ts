import type { Logger } from '@throughline/telemetry';
import type { Receipts } from '../intake/receipts.js';
import { LedgerExportOld, restoreLedger } from '../ledger/ledger-export.js';
import { readLedgerExport } from '../ledger/ledger-export-file.js';
import type { Ledger } from '../ledger/ledger.js';
import type { AdapterWatch } from './adapter-watch.js';

export interface RestoreOptions {
  /** The adapter's own. */
  readonly deployment: string;
  readonly watch: AdapterWatch;
  readonly logger: Pick<Logger, 'info'>;
}

/**
 * What to do before work begins where there is an export: a lost ledger is filled from it, and one that was never used, since
 * a folder lost as a whole leaves a ledger that knows of no loss. An old export is told of and left: the adapter starts, and
 * the ledger stays as it is. Throws what reading it throws.
 */
export const restoreFrom =
  (file: string, { deployment, watch, logger }: RestoreOptions) =>
  async (ledger: Ledger, { publishedAt }: Receipts): Promise<void> => {
    if (ledger.complete && !ledger.untouched) {
      logger.info({}, 'LEDGER_EXPORT_FILE is not read: the ledger is in use and was not lost');
      return;
    }
    try {
      const restored = await restoreLedger(ledger, { deployment, publishedAt }, readLedgerExport(file));
      logger.info({ ...restored }, 'ledger restored');
    } catch (error) {
      if (!(error instanceof LedgerExportOld)) throw error;
      const { code, madeAt, remedy } = error;
      watch.amiss({ code, count: Math.floor((error.publishedAt.getTime() - madeAt.getTime()) / 60_000), remedy });
    }
  };
