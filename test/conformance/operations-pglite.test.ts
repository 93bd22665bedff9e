import { conformance } from './operations.ts';

conformance('pglite');
