interface LockFile {
  readonly packages?: Readonly<Record<string, { version?: string; integrity?: string; optional?: boolean; peer?: boolean; link?: boolean; resolved?: string }>>;
}
export function outOfDate(locked: LockFile | undefined, installed: LockFile | undefined, hasPackage?: (folder: string) => boolean): string[];
export function installPackages(root: string): void;
