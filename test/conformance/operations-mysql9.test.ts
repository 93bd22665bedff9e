import { conformance } from './operations.ts';

conformance('mysql9');
