import { nameOf } from '../../parts.ts';
import type { LintSubject, Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** MySQL and MariaDB give present rows the zero of the type, where the others refuse. */
const fillsRows = ({ traits }: LintSubject): boolean => ['mysql', 'mariadb'].includes(traits.flavor);

/** A required column without a default comes into a table that has rows. */
export const addRequiredColumn: Rule = {
  id: 'add-required-column',
  severity: 'error',
  flavors: 'all',
  summary: 'A column that must have a value is added without one for the rows that are there.',

  check: (subject) => {
    const own = ofKind(subject, 'addColumn');
    if (!own || own.isNew(own.operation.table)) return null;
    const { table, column } = own.operation;
    const isFilled = column.default !== null || column.generated !== null || column.identity !== null;
    if (column.nullable || isFilled) return null;
    const place = `${nameOf(table)}.${column.name}`;
    return {
      message: fillsRows(subject)
        ? `rows that are there get a value that nobody has chosen (0, an empty text, the first of an enum), and statements that leave ${place} out fail from then on`
        : `it fails if ${nameOf(table)} has rows, and statements that leave ${place} out fail from then on`,
      help: [
        `Add it without notNull(), or with a default that is true of the rows that are there.`,
        'Deploy code that writes it.',
        'Fill the rows that are there, in batches.',
        `In a later revision: op.alterColumn('${nameOf(table)}', '${column.name}', { nullable: false }).`,
      ],
    };
  },
};
