import { newColumns } from '../../new-columns.ts';
import type { Rule } from '../../rule.ts';

/** A zero date as a default. */
export const myZeroDate: Rule = {
  id: 'my-zero-date',
  severity: 'info',
  flavors: ['mysql', 'mariadb'],
  summary: 'A default of 0000-00-00: no date, and refused in strict mode.',

  check: (subject) => {
    const { operation } = subject;
    const defaults = [
      ...newColumns(operation).map((column) => column.default),
      ...(operation.kind === 'alterColumn' ? [operation.changes.default ?? null] : []),
    ];
    const isZero = defaults.some((one) => one?.kind === 'literal' && /^0000-00-00/.test(String(one.value)));
    if (!isZero && !(operation.kind === 'execute' && /'0000-00-00/.test(operation.sql))) return null;
    return {
      message:
        '0000-00-00 is no date: strict mode refuses it (error 1292), drivers read it as null or fail, and no other database knows it',
      help: ['Let the column be null where there is no date.'],
    };
  },
};
