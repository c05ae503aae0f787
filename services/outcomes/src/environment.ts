import { hostSetting, portSetting, readPlatformEnvironment } from '@throughline/identity';
import type { PlatformSettings } from '@throughline/identity';
import { LATEST_RULES, RULE_SETS, ruleSetOf } from '@throughline/outcome-metrics';
import type { RuleSet } from '@throughline/outcome-metrics';
import { totalmem } from 'node:os';
import { constrainedMemory } from 'node:process';
import { z } from 'zod';

/** What outcomes is told at start. */
export interface OutcomesSettings extends PlatformSettings {
  /** Where requests are answered. */
  readonly host: string;
  readonly port: number;
  /** What figures are counted under. */
  readonly rules: RuleSet;
  /** Memory for the timelines of one generation; the others are read from the store when they are needed. */
  readonly timelineBytes: number;
}

const MEBIBYTE = 2 ** 20;

const rulesSetting = z.enum(RULE_SETS.map(({ version }) => version)).default(LATEST_RULES.version);

/** A quarter of what this process may use: of the container's memory where one is set, else of the machine's. */
const quarterOfMemory = (): number => Math.ceil(Math.min(constrainedMemory() || Infinity, totalmem()) / 4 / MEBIBYTE);

const memorySetting = z.coerce.number().int().min(1).default(quarterOfMemory);

/** @throws EnvironmentError, KeysFileError */
export function readEnvironment(env: NodeJS.ProcessEnv): OutcomesSettings {
  const { platform, own } = readPlatformEnvironment(env, { telemetryPort: 9110 }, { PORT: portSetting(4110), HOST: hostSetting(), OUTCOME_RULES: rulesSetting, TIMELINE_MEMORY_MB: memorySetting });
  return { ...platform, host: own.HOST, port: own.PORT, rules: ruleSetOf(own.OUTCOME_RULES), timelineBytes: own.TIMELINE_MEMORY_MB * MEBIBYTE };
}
