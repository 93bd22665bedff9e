import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of half a minute and more: begun last, one of them would be alone at the end. */
const long = [
  'backup/restore',
  'rehearsal/rehearse',
  'torture/torture',
  'conformance/operations-postgres18',
  'conformance/operations-mysql9',
  'conformance/rows',
  'backup/edges',
  'library/processes',
  'laws/round-trips',
  'check/objects',
  'matrix/todobox',
  'docs/docs',
  'package/package',
  'lock/gone',
  'lock/exclusion',
].map((name) => `/test/${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => long.some((name) => moduleId.endsWith(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // Half of the time is waiting for servers, for locks and for the ends of leases.
    maxWorkers: 4,
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // Node runs the TypeScript itself, as it does for users. Compiled code is kept between files, and for child processes.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    globalSetup: ['test/support/build-once.ts'],
    setupFiles: ['test/support/compile-cache.ts', 'test/support/pglite-copies.ts'],
    // Revisions of tests are written to folders without a package.json.
    execArgv: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'],
    // What a test prints is shown where it failed.
    silent: 'passed-only',
  },
});
