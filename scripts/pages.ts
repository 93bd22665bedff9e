// In: arguments for vitest. Out: every test of the pages in a real browser; the exit code.
// Must not know: what is tested.

import { join } from 'node:path';
import { program } from './program.ts';

process.env['SUREFOOT_PAGES'] = '1';
const root = join(import.meta.dirname, '..');
process.exitCode = await program('vitest', ['run', 'test/pages', ...process.argv.slice(2)], root);
