import { conformance } from './operations.ts';

conformance('sqlite');
