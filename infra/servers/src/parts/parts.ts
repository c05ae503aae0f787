import type { Progress } from '../progress.js';

/** What the search for local parts needs to know of its surroundings. */
export interface PartsOptions {
  /** Folder for what is fetched; see `defaultCacheDir`. */
  readonly cacheDir: string;
  /** The environment: its PATH is searched, and the fetching tools get it, so that their own settings are honoured. */
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
}

/** The way that always remains, as it reads at the end of a remedy. */
export const WITH_DOCKER = 'or run the platform in containers with "docker compose up"';
