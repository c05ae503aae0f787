import { hostSetting, portSetting, readPlatformEnvironment } from '@throughline/identity';
import type { PlatformSettings } from '@throughline/identity';

/** What outcomes is told at start. */
export interface OutcomesSettings extends PlatformSettings {
  /** Where requests are answered. */
  readonly host: string;
  readonly port: number;
}

/** @throws EnvironmentError, KeysFileError */
export function readEnvironment(env: NodeJS.ProcessEnv): OutcomesSettings {
  const { platform, own } = readPlatformEnvironment(env, { telemetryPort: 9110 }, { PORT: portSetting(4110), HOST: hostSetting() });
  return { ...platform, host: own.HOST, port: own.PORT };
}
