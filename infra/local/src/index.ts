export { links } from './links/links-command.js';
export { exportLedgerOf } from './platform/export-ledger.js';
export type { LedgerExport } from './platform/export-ledger.js';
export { takeCut } from './platform/figures.js';
export type { Cut } from './platform/figures.js';
export { loadSample, readManifest, submissionQuery } from './platform/load-sample.js';
export type { LoadResult, SampleSubmission } from './platform/load-sample.js';
export { keysFileOf } from './platform/keys.js';
export { rebuild } from './platform/rebuild.js';
export { startPlatform } from './platform/platform.js';
export type { Platform, PlatformOptions } from './platform/platform.js';
export { DEPLOYMENTS, nodeFlags, READY_PATH, SERVICES, serviceEnvironment } from './platform/services.js';
export type { AdapterSettings, ServicePlace, ServiceSpec } from './platform/services.js';
export { isolatedSettings, portVariable, readSettings, stateFolders } from './platform/settings.js';
export type { LocalSettings, ServicePorts } from './platform/settings.js';
export type { Supervised } from './platform/supervised.js';
// What a caller of the above needs of the servers underneath.
export { defaultCacheDir, freePort, silentProgress, waitFor } from '@throughline/servers';
