import { earlierOf, isSameTable, nameOf } from '../../parts.ts';
import { inSql, nameInSql } from '../../raw-sql.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

const pattern = new RegExp(`^CREATE OR REPLACE (?:.*? )?VIEW (${nameInSql})`, 'iu');

/** A view comes back as another. */
export const replaceView: Rule = {
  id: 'replace-view',
  severity: 'warning',
  flavors: ['postgres', 'mysql', 'mariadb'],
  summary:
    'A view is dropped and created again, or replaced; its columns may change under those who read it.',

  check: (subject) => {
    const own = ofKind(subject, 'createView');
    const again =
      own && earlierOf(subject, 'dropView').find(({ view }) => isSameTable(view, own.operation.view));
    const raw = inSql(subject, pattern);
    if (!again && !raw) return null;
    const name = own ? nameOf(own.operation.view) : (raw?.[1] ?? '');
    return {
      message: raw
        ? `columns of view ${name} that are left out or called something else are missed by code that reads it, and PostgreSQL refuses them`
        : `view ${name} comes back without its privileges on PostgreSQL, and columns that it no longer has are missed by code`,
      help: [
        'Add columns at the end only.',
        'Where columns change or go: create a view under a new name, let code read it, and drop the old one later.',
        ...(again ? ['Grant again what was granted on it.'] : []),
      ],
    };
  },
};
