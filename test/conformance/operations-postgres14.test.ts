import { conformance } from './operations.ts';

conformance('postgres14');
