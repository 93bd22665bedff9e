import { relative } from 'node:path';
import type { SquashResult } from '../../library/api.ts';
import { flag, value } from '../args/option.ts';
import { answer, defineCommand } from '../command.ts';
import type { Look } from '../text/look.ts';
import { counted } from '../text/words.ts';

const backWords: Readonly<Record<SquashResult['proof']['downgrade'], string>> = {
  same: 'both ways',
  irreversible: 'upward; there is no way back',
  unproven: 'upward; the way back of the originals stops',
};

function proofLine({ proof }: SquashResult): string {
  const rows = `${counted(proof.tables, 'table')}, ${counted(proof.rows, 'row')}`;
  return `the same schema and rows on ${proof.server}, ${backWords[proof.downgrade]} (${rows})`;
}

/** What was written, moved and proved. */
function squashText(shown: SquashResult, look: Look, folder: string): string {
  const short = (file: string) => relative(folder, file) || file;
  const { operations, way, moved, notes, proof } = shown;
  const how = way === 'combined' ? 'combined' : 'in order';
  const would = shown.written ? '' : 'would be ';
  return [
    `${shown.written ? look.good('Wrote') : 'Would write'} ${short(shown.file)}`,
    `  ${look.dim('revision')} ${look.id(shown.id)}`,
    `  ${look.dim('revises ')} ${shown.revises.join(', ') || 'base'}`,
    `  ${look.dim('replaces')} ${shown.replaces.join(', ')}`,
    `  ${look.dim('does    ')} ${counted(operations.after, 'operation')} instead of ${operations.before}, ${how}`,
    `  ${look.dim('proved  ')} ${proofLine(shown)}`,
    ...proof.volatile.map((column) => `  ${look.dim('made anew')} ${column}: not compared`),
    ...notes.map((note) => `  ${look.warn('lost    ')} ${note}`),
    ...moved.map(({ to }) => `  ${look.dim(`${would}moved to`)} ${short(to)}`),
    ...(shown.written ? [] : ['', shown.text.trimEnd()]),
  ].join('\n');
}

/** `squash`: one revision in place of a range. */
export const squash = defineCommand({
  summary: 'Write one revision in place of a range, proved to come to the same.',
  description:
    'Both are run on throw-away databases, with rows from before the range, both ways; schema and rows must be the same. The new revision keeps the id of the last one. The originals move to squashed/ beside it, where they finish any database that stands among them.',
  arguments: [{ name: 'range', summary: 'Revisions: a:b, both included', isRequired: true }],
  options: {
    message: value('What it does', { short: 'm' }),
    sql: flag('An SQL file for this server, instead of TypeScript'),
    dryRun: flag('Prove and show it; write nothing'),
  },
  examples: [
    ['surefoot squash 3f6a12b4c5d6:91bc0c7d2e3f', 'this range, both ends included'],
    ['surefoot squash :91bc0c7d2e3f -m "the first year"', 'everything up to a revision'],
    ['surefoot squash 3f6a:91bc --dry-run', 'what it would write'],
  ],
  run: async ({ options, arguments: [range = ''], project }) => {
    const { message, sql, dryRun } = options;
    const surefoot = await project.open();
    const data = await surefoot.squash({ range, message, sql, dryRun });
    return answer({ data, text: (shown, look) => squashText(shown, look, project.folder) });
  },
});
