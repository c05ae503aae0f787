// Gives every package that has a src folder its `build` target, so that a new package needs no build settings of its own.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const name = 'throughline-build';

export const createNodesV2 = [
  '{libs,services,test,infra}/*/package.json',
  (files, _options, { workspaceRoot }) =>
    files.map((file) => {
      const root = dirname(file);
      if (!existsSync(join(workspaceRoot, root, 'src'))) return [file, {}];
      const command = `node infra/local/bootstrap/build-package.mjs ${root}`;
      return [file, { projects: { [root]: { root, targets: { build: { command, options: { cwd: '{workspaceRoot}' } } } } } }];
    }),
];
