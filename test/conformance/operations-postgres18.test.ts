import { conformance } from './operations.ts';

conformance('postgres18');
