import { nativeSql, serialBase } from '../../../../dialects/postgres/types.ts';
import type { ColumnType } from '../../../../schema/schema.ts';
import { displayRef } from '../../../../schema/schema.ts';
import type { LintSubject } from '../../../rule.ts';
import { actsOfKind } from './acts-of.ts';

/** A column that gets a type. */
export interface Typed {
  /** `table.column`. */
  readonly column: string;
  readonly type: ColumnType;
}

/** The types that the subject gives to columns, be they new or not. */
export function typesIn(subject: LintSubject): readonly Typed[] {
  return actsOfKind(subject, 'create-table', 'add-column', 'change-type').flatMap((act): readonly Typed[] => {
    const of = (column: string) => `${displayRef(act.table)}.${column}`;
    if (act.kind === 'change-type') return [{ column: of(act.column), type: act.to }];
    const columns = act.kind === 'create-table' ? act.columns : [act.column];
    return columns.map(({ name, type }) => ({ column: of(name), type }));
  });
}

/** True for a type of the server's own by that name. */
export const isNative = (type: ColumnType, name: string): boolean =>
  type.kind === 'native' && nativeSql(type).toLowerCase() === name;

export const isSerial = (type: ColumnType): boolean => serialBase(type) !== null;
