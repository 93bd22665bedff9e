// A runner in a process of its own: `node upgrade-process.ts URL FOLDER [revision after whose step it kills itself]`.

import { createSurefoot } from '../../src/library/surefoot.ts';

const [url = '', projectFolder = '', killAfter] = process.argv.slice(2);

const result = await createSurefoot({
  url,
  projectFolder,
  hooks: {
    afterStep: ({ revision }) => {
      if (revision === killAfter) process.kill(process.pid, 'SIGKILL');
    },
  },
}).upgrade();

process.stdout.write(
  JSON.stringify({ finished: result.finished.map(({ revision }) => revision), failed: result.failed }),
);
process.exitCode = result.failed || result.differences.length > 0 ? 1 : 0;
