import { hostSetting, portSetting, readPlatformEnvironment } from '@throughline/identity';
import type { PlatformSettings } from '@throughline/identity';

/** What linkage is told at start. */
export interface LinkageSettings extends PlatformSettings {
  /** Where operators' requests are answered. */
  readonly host: string;
  readonly port: number;
}

/** @throws EnvironmentError, KeysFileError */
export function readEnvironment(env: NodeJS.ProcessEnv): LinkageSettings {
  const { platform, own } = readPlatformEnvironment(env, { telemetryPort: 9105 }, { PORT: portSetting(4105), HOST: hostSetting() });
  return { ...platform, host: own.HOST, port: own.PORT };
}
