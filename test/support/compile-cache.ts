// In: every file of tests. Out: what Node compiled, kept for the next one. Must not know: what is tested.

import module from 'node:module';
import { afterAll } from 'vitest';

// The process that ran a file is killed, and would keep nothing.
afterAll(() => module.flushCompileCache());
