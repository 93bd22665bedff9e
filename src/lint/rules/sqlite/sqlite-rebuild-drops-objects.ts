import { isSameTable, nameOf, tableBefore } from '../../parts.ts';
import type { LintSubject, Rule } from '../../rule.ts';
import type { RawRebuild } from './raw-rebuild.ts';
import { rawRebuild } from './raw-rebuild.ts';

function lostOf({ table, statements }: RawRebuild, subject: LintSubject): readonly string[] {
  const later = subject.siblings.slice(subject.index + 1);
  const isMade = (kind: string, name: string) =>
    later.some((one) => one.kind === 'createIndex' && one.index.name === name) ||
    later.some((one) => one.kind === 'createTrigger' && one.trigger.name === name) ||
    statements.some(
      (text) =>
        text.toUpperCase().startsWith('CREATE') && text.includes(name) && text.toUpperCase().includes(kind),
    );
  const indexes = (tableBefore(subject, table)?.indexes ?? []).flatMap(({ name }) => name ?? []);
  const triggers = [...subject.before.triggers.values()].filter((one) => isSameTable(one.table, table));
  return [
    ...indexes.filter((name) => !isMade('INDEX', name)).map((name) => `index ${name}`),
    ...triggers.filter(({ name }) => !isMade('TRIGGER', name)).map(({ name }) => `trigger ${name}`),
  ];
}

/** DROP TABLE takes indexes and triggers along. */
export const sqliteRebuildDropsObjects: Rule = {
  id: 'sqlite-rebuild-drops-objects',
  severity: 'error',
  flavors: ['sqlite'],
  summary: 'A table is rebuilt by hand, and its indexes and triggers are not made again.',

  check: (subject) => {
    const rebuild = rawRebuild(subject);
    const lost = rebuild ? lostOf(rebuild, subject) : [];
    if (!rebuild || lost.length === 0) return null;
    return {
      message: `DROP TABLE takes ${lost.join(', ')} along, and nothing makes them again`,
      help: [
        'Make each of them again after the new table has its name.',
        `Or say what changes: op.alterColumn('${nameOf(rebuild.table)}', …) carries them over.`,
      ],
    };
  },
};
