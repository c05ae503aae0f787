interface LockFile {
  readonly packages?: Readonly<Record<string, { version?: string; integrity?: string; optional?: boolean; peer?: boolean; link?: boolean }>>;
}
export function outOfDate(locked: LockFile | undefined, installed: LockFile | undefined): string[];
export function installPackages(root: string): void;
