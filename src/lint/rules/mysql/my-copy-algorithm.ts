import { nameOf } from '../../parts.ts';
import { inSql, nameInSql, tableInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';
import { impactOf, toldElsewhere } from './impact.ts';

const pattern = new RegExp(
  `^ALTER (?:ONLINE |IGNORE )*TABLE (?:IF EXISTS )?(${nameInSql}).* ALGORITHM (?:= )?COPY\\b`,
  'iu',
);

/** ALGORITHM=COPY, foretold or asked for. */
export const myCopyAlgorithm: Rule = {
  id: 'my-copy-algorithm',
  severity: 'warning',
  flavors: ['mysql', 'mariadb'],
  summary: 'The server copies the whole table; writes to it wait until that is done.',

  check: (subject) => {
    const impact = impactOf(subject);
    const raw = inSql(subject, pattern)?.[1];
    const table = raw === undefined ? null : tableInSql(raw, subject);
    const isCopied =
      impact?.rewrites === true && impact.blocks && !toldElsewhere.includes(subject.operation.kind);
    if (!isCopied && (table === null || subject.isNew(table))) return null;
    const copied = table ?? impact?.table;
    if (!copied) return null;
    return {
      message: `${nameOf(copied)} is copied, row by row: reads go on, writes wait until that is done, and replicas fall behind by as long`,
      help: [
        'Do it in a window without writers; or name pt-online-schema-change or gh-ost in `online.tool` of the config: it then copies while the table is used.',
        'Or add a new column, fill it in batches, let code read it, and drop the old one.',
      ],
      table: copied,
      cost: 'rewrite',
    };
  },
};
