// For tests of an application: its revisions, rehearsed.

export type { DeclareTest, RehearsalTests } from './library/rehearsal-tests.ts';
export { rehearse } from './library/rehearsal-tests.ts';
