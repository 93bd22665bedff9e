// What every operation can do, case by case, and where it cannot.
// In: nothing. Out: cases by kind of operation. Must not know how they are run.

import type { OperationKind } from '../../../src/operations/operation.ts';
import type { Cases } from './case.ts';
import { columns } from './columns.ts';
import { data } from './data.ts';
import { objects } from './objects.ts';
import { parts } from './parts.ts';
import { tables } from './tables.ts';

export type { Case } from './case.ts';
export { groupsOf, reasonFor } from './case.ts';

/** By kind. A kind that is left out does not compile. */
export const cases: Cases<OperationKind> = { ...tables, ...columns, ...parts, ...objects, ...data };
