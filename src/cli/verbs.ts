// The verbs. In: nothing. Out: their names, and how each is loaded. Must not load one that was not asked for.

import { nearest } from '../kernel/nearest.ts';
import { usageError } from './args/usage.ts';
import type { Verb } from './command.ts';

export type { Verb } from './command.ts';

/** Every verb, in the order of the overview. */
export const verbs: readonly Verb[] = [
  {
    name: 'init',
    aliases: [],
    group: 'revisions',
    summary: 'Write a config and the folder of the revisions',
    load: async () => (await import('./commands/init.ts')).init,
  },
  {
    name: 'revision',
    aliases: ['new'],
    group: 'revisions',
    summary: 'Write a new revision file',
    load: async () => (await import('./commands/revision.ts')).revision,
  },
  {
    name: 'migrate',
    aliases: ['generate'],
    group: 'revisions',
    summary: 'Write the revision that the models call for',
    load: async () => (await import('./commands/migrate.ts')).migrate,
  },
  {
    name: 'merge',
    aliases: [],
    group: 'revisions',
    summary: 'Write a revision that joins several heads',
    load: async () => (await import('./commands/merge.ts')).merge,
  },
  {
    name: 'squash',
    aliases: [],
    group: 'revisions',
    summary: 'Write one revision in place of a range',
    load: async () => (await import('./commands/squash.ts')).squash,
  },
  {
    name: 'edit',
    aliases: [],
    group: 'revisions',
    summary: 'Open a revision file in your editor',
    load: async () => (await import('./commands/edit.ts')).edit,
  },
  {
    name: 'plan',
    aliases: [],
    group: 'database',
    summary: 'Show what an upgrade or a downgrade would do',
    load: async () => (await import('./commands/plan.ts')).plan,
  },
  {
    name: 'upgrade',
    aliases: ['up', 'deploy'],
    group: 'database',
    summary: 'Bring the database up to a revision',
    load: async () => (await import('./commands/upgrade.ts')).upgrade,
  },
  {
    name: 'downgrade',
    aliases: ['down', 'rollback'],
    group: 'database',
    summary: 'Take the database back to a revision',
    load: async () => (await import('./commands/downgrade.ts')).downgrade,
  },
  {
    name: 'redo',
    aliases: [],
    group: 'database',
    summary: 'Downgrade, and upgrade again what was taken down',
    load: async () => (await import('./commands/redo.ts')).redo,
  },
  {
    name: 'reset',
    aliases: [],
    group: 'database',
    summary: 'Drop everything and run every revision again',
    load: async () => (await import('./commands/reset.ts')).reset,
  },
  {
    name: 'repair',
    aliases: [],
    group: 'database',
    summary: 'Bring server and history together',
    load: async () => (await import('./commands/repair.ts')).repair,
  },
  {
    name: 'stamp',
    aliases: [],
    group: 'database',
    summary: 'Record a revision without running anything',
    load: async () => (await import('./commands/stamp.ts')).stamp,
  },
  {
    name: 'check',
    aliases: [],
    group: 'looking',
    summary: 'Compare the server with history and models',
    load: async () => (await import('./commands/check.ts')).check,
  },
  {
    name: 'lint',
    aliases: [],
    group: 'looking',
    summary: 'Hazards of revisions, and what to do instead',
    load: async () => (await import('./commands/lint.ts')).lint,
  },
  {
    name: 'rehearse',
    aliases: [],
    group: 'looking',
    summary: 'Practise revisions on throw-away databases',
    load: async () => (await import('./commands/rehearse.ts')).rehearse,
  },
  {
    name: 'report',
    aliases: [],
    group: 'looking',
    summary: 'Everything there is to see, as one page',
    load: async () => (await import('./commands/report.ts')).report,
  },
  {
    name: 'studio',
    aliases: [],
    group: 'looking',
    summary: 'The same page, live',
    load: async () => (await import('./commands/studio.ts')).studio,
  },
  {
    name: 'stats',
    aliases: [],
    group: 'looking',
    summary: 'The sizes of the tables, for lint',
    load: async () => (await import('./commands/stats.ts')).stats,
  },
  {
    name: 'backup',
    aliases: [],
    group: 'database',
    summary: 'Save the database into a file',
    load: async () => (await import('./commands/backup.ts')).backup,
  },
  {
    name: 'restore',
    aliases: [],
    group: 'database',
    summary: 'Bring the database back to what a backup holds',
    load: async () => (await import('./commands/restore.ts')).restore,
  },
  {
    name: 'resume',
    aliases: [],
    group: 'database',
    summary: 'Answer what an interrupted run left unclear',
    load: async () => (await import('./commands/resume.ts')).resume,
  },
  {
    name: 'kept',
    aliases: [],
    group: 'database',
    summary: 'What was put aside before it was dropped',
    load: async () => (await import('./commands/kept.ts')).kept,
  },
  {
    name: 'unlock',
    aliases: [],
    group: 'database',
    summary: 'Free the lock of a runner that is gone',
    load: async () => (await import('./commands/unlock.ts')).unlock,
  },
  {
    name: 'status',
    aliases: [],
    group: 'looking',
    summary: 'Where the database stands, who holds the lock, what ran last',
    load: async () => (await import('./commands/status.ts')).status,
  },
  {
    name: 'current',
    aliases: [],
    group: 'looking',
    summary: 'The revisions at which the database stands',
    load: async () => (await import('./commands/current.ts')).current,
  },
  {
    name: 'history',
    aliases: [],
    group: 'looking',
    summary: 'The revisions, newest first',
    load: async () => (await import('./commands/history.ts')).history,
  },
  {
    name: 'heads',
    aliases: [],
    group: 'looking',
    summary: 'The revisions that none revises',
    load: async () => (await import('./commands/heads.ts')).heads,
  },
  {
    name: 'branches',
    aliases: [],
    group: 'looking',
    summary: 'Where the chain forks, and the labels of branches',
    load: async () => (await import('./commands/branches.ts')).branches,
  },
  {
    name: 'show',
    aliases: [],
    group: 'looking',
    summary: 'What a revision says and does',
    load: async () => (await import('./commands/show.ts')).show,
  },
  {
    name: 'log',
    aliases: [],
    group: 'looking',
    summary: 'What was run: the journal',
    load: async () => (await import('./commands/log.ts')).log,
  },
  {
    name: 'fleet',
    aliases: [],
    group: 'more',
    summary: 'The same over many databases, in waves',
    load: async () => (await import('./commands/fleet.ts')).fleet,
  },
  {
    name: 'import',
    aliases: [],
    group: 'more',
    summary: 'Take the history of another tool over',
    load: async () => (await import('./commands/import.ts')).importHistory,
  },
  {
    name: 'push',
    aliases: [],
    group: 'more',
    summary: 'Models straight to a database without a history',
    load: async () => (await import('./commands/push.ts')).push,
  },
  {
    name: 'dump',
    aliases: [],
    group: 'more',
    summary: 'The live schema as SQL',
    load: async () => (await import('./commands/dump.ts')).dump,
  },
  {
    name: 'wait',
    aliases: [],
    group: 'more',
    summary: 'Wait until the database answers',
    load: async () => (await import('./commands/wait.ts')).wait,
  },
  {
    name: 'completion',
    aliases: [],
    group: 'more',
    summary: 'Completion for bash, zsh or fish',
    load: async () => (await import('./commands/completion.ts')).completion,
  },
];

/** The verb of a name or alias. */
export function verbOf(word: string): Verb {
  const verb = verbs.find(({ name, aliases }) => name === word || aliases.includes(word));
  if (verb !== undefined) return verb;
  const meant = nearest(
    word,
    verbs.flatMap(({ name, aliases }) => [name, ...aliases]),
  );
  const hint =
    meant === null ? 'List the verbs with `surefoot --help`.' : `Did you mean \`surefoot ${meant}\`?`;
  throw usageError(`there is no verb ${JSON.stringify(word)}`, word, hint);
}
