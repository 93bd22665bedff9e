import { conformance } from './operations.ts';

conformance('mariadb');
