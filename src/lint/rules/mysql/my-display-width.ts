import { newColumns } from '../../new-columns.ts';
import { plainSql } from '../../raw-sql.ts';
import type { LintSubject, Rule } from '../../rule.ts';

const pattern =
  /\b(?!tinyint ?\( ?1 ?\))(?:tiny|small|medium|big)?int(?:eger)? ?\( ?\d+ ?\)(?! (?:UNSIGNED )?ZEROFILL)/i;

const nativeText = (sql: string | Readonly<Record<string, string>>, { traits }: LintSubject): string =>
  typeof sql === 'string' ? sql : (sql[traits.flavor] ?? '');

/** int(11). */
export const myDisplayWidth: Rule = {
  id: 'my-display-width',
  severity: 'info',
  flavors: ['mysql', 'mariadb'],
  summary: 'A display width at an integer: it limits nothing, and MySQL no longer keeps it.',

  check: (subject) => {
    const { operation } = subject;
    const types = newColumns(operation).map(({ type }) => type);
    const changed =
      operation.kind === 'alterColumn' && operation.changes.type ? [operation.changes.type] : [];
    const texts = [...types, ...changed].map((type) =>
      type.kind === 'native' ? nativeText(type.sql, subject) : '',
    );
    const [found] = [...texts, plainSql(subject) ?? ''].flatMap((text) => pattern.exec(text)?.[0] ?? []);
    if (found === undefined) return null;
    return {
      message: `the number in ${found.replaceAll(' ', '')} says how wide a client may show the value, not how large it may be`,
      help: ['Leave it out. For a limit: a check, or a smaller type.'],
    };
  },
};
