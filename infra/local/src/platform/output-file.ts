import { open, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { LocalError } from '@throughline/servers';

/** What the system calls it, and what is wrong with the file that was named. */
const WRONG: ReadonlyMap<string | undefined, string> = new Map([
  ['ENOENT', 'its folder is not there'],
  ['ENOTDIR', 'what should be its folder is a file'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'this user may not write there'],
  ['EPERM', 'this user may not write there'],
  ['EROFS', 'its disk can only be read'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['ENOSPC', 'its disk is full'],
  ['EDQUOT', 'this user’s share of its disk is full'],
]);

function explained(error: unknown, path: string): unknown {
  const wrong = WRONG.get((error as NodeJS.ErrnoException | undefined)?.code);
  return wrong === undefined ? error : new LocalError('FILE_REFUSED', `${path} cannot be written, since ${wrong}`, 'name a file that can be', { cause: error });
}

/** A file that a command leaves, readable by its owner only. It is there whole or not at all: until it is kept, what was there stays. */
export class OutputFile {
  #isKept = false;

  private constructor(
    readonly path: string,
    private readonly staging: string,
    private readonly handle: FileHandle,
  ) {}

  /** Called before long work whose outcome it gets. Leaves nothing. @throws LocalError `FILE_REFUSED` where it cannot be written */
  static async require(path: string): Promise<void> {
    await (await OutputFile.open(path))[Symbol.asyncDispose]();
  }

  /** @throws LocalError `FILE_REFUSED` where it cannot be written */
  static async open(path: string): Promise<OutputFile> {
    const staging = `${path}.new`;
    try {
      // Which only the renaming would find.
      if ((await stat(path).catch(() => undefined))?.isDirectory() === true) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
      return new OutputFile(path, staging, await open(staging, 'w', 0o600));
    } catch (error) {
      throw explained(error, path);
    }
  }

  /** @throws LocalError `FILE_REFUSED` where the disk is full */
  async append(text: string): Promise<void> {
    await this.handle.appendFile(text).catch((error: unknown) => {
      throw explained(error, this.path);
    });
  }

  /** Puts it in its place. @throws LocalError `FILE_REFUSED` */
  async keep(): Promise<void> {
    try {
      await this.handle.sync();
      await rename(this.staging, this.path);
      this.#isKept = true;
    } catch (error) {
      throw explained(error, this.path);
    }
  }

  /** Leaves nothing of what was not kept. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close();
    if (!this.#isKept) await rm(this.staging, { force: true });
  }
}
