import { SurefootError } from '../../kernel/errors.ts';
import { mergeMessage } from '../../revisions/write.ts';
import { flag, list, value } from '../args/option.ts';
import { defineCommand } from '../command.ts';
import { graphToExtend, parentsOf, writeNew } from '../new-revision.ts';

function refuseOne(heads: readonly string[]): never {
  const are = heads.length === 0 ? 'there is no revision' : `there is only ${heads.join(', ')}`;
  throw new SurefootError('revision/nothing-to-merge', `nothing to merge: ${are}`, {
    details: { heads },
    hint: 'See `surefoot heads`.',
  });
}

/** `merge`: joins heads. */
export const merge = defineCommand({
  summary: 'Write a revision that joins several heads; without ids, all of them.',
  arguments: [{ name: 'ids', summary: 'Ids or labels of heads', isList: true }],
  options: {
    message: value('What it does', { short: 'm' }),
    sql: flag('An SQL file instead of TypeScript'),
    branchLabel: list('Begin a branch of this name', { placeholder: 'LABEL' }),
    revId: value('An id of your own', { placeholder: 'ID' }),
    folder: value('The folder, where the config has several', { placeholder: 'DIR' }),
  },
  examples: [
    ['surefoot merge -m "merge billing"', 'joins all heads'],
    ['surefoot merge 3f2a 91bc', 'joins these two'],
  ],
  run: async ({ options, project, arguments: ids }) => {
    const config = await project.config();
    const graph = await graphToExtend(config.migrations);
    const revises = parentsOf(graph, ids.length > 0 ? ids : ['heads'], { splice: false });
    if (revises.length < 2) refuseOne(revises);
    return await writeNew(graph, config, {
      message: options.message?.trim() || mergeMessage(revises),
      revises,
      branchLabels: [...new Set(options.branchLabel)],
      dependsOn: [],
      id: options.revId,
      format: options.sql ? 'sql' : 'ts',
      folder: options.folder,
      code: '',
    });
  },
});
