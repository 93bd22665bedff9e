import { plainSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

const pattern = /\bROW_FORMAT (?:= )?COMPRESSED\b|\bKEY_BLOCK_SIZE\b/i;

/** ROW_FORMAT=COMPRESSED. */
export const myCompression: Rule = {
  id: 'my-compression',
  severity: 'info',
  flavors: ['mysql', 'mariadb'],
  summary: 'A compressed table: no column comes instantly any more.',

  check: (subject) => {
    const own = ofKind(subject, 'createTable');
    const text = own
      ? `ROW_FORMAT = ${String(own.operation.table.options['rowFormat'] ?? own.operation.table.options['row_format'] ?? '')}`
      : plainSql(subject);
    if (text === null || !pattern.test(text)) return null;
    return {
      message: 'every column that is added later rebuilds the table',
      help: ['Leave the row format to the server, or compress pages on MariaDB (PAGE_COMPRESSED).'],
    };
  },
};
