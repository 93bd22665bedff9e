import type { ColumnType } from '../../../schema/schema.ts';
import { nameOf } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

const isShort = ({ kind }: ColumnType): boolean => kind === 'smallint' || kind === 'integer';

/** A primary key that may run out. */
export const shortPrimaryKey: Rule = {
  id: 'short-primary-key',
  severity: 'info',
  flavors: ['postgres', 'mysql', 'mariadb'],
  summary: 'A primary key of 32 bits or fewer: it runs out after two thousand million rows.',
  isOptIn: true,
  check: (subject) => {
    const own = ofKind(subject, 'createTable');
    const { primaryKey, columns } = own?.operation.table ?? {};
    if (!own || primaryKey?.columns.length !== 1) return null;
    const column = columns?.find(({ name }) => name === primaryKey.columns[0]);
    if (!column?.identity || !isShort(column.type)) return null;
    return {
      message: `${nameOf(own.operation.table)}.${column.name} counts up to ${column.type.kind === 'smallint' ? '32 767' : 'about 2 147 million'}; then every insert fails`,
      help: ['Make it t.bigint() (or t.uuid()) from the beginning, and every column that refers to it.'],
    };
  },
};
