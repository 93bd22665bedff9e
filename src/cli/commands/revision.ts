import { flag, list, value } from '../args/option.ts';
import { usageError } from '../args/usage.ts';
import { againstOption, autogenerate, messageFor, nameOptions, onlineOption } from '../autogenerate.ts';
import { defineCommand } from '../command.ts';
import { dependenciesOf, graphToExtend, onlyHead, parentsOf, writeNew } from '../new-revision.ts';

const example = [
  "// op.createTable('note', (t) => ({ id: t.integer().primaryKey(), text: t.text() }));",
  "// op.dropColumn('user', 'phone');",
].join('\n');

/** What only speaks of models means nothing without them. */
function refuseAlone(options: {
  readonly autogenerate: boolean;
  readonly rename: readonly string[];
  readonly noRenames: boolean;
  readonly against: string | undefined;
  readonly online: boolean;
}): void {
  const given = [
    ...(options.autogenerate ? ['--autogenerate'] : []),
    ...(options.rename.length > 0 ? ['--rename'] : []),
    ...(options.noRenames ? ['--no-renames'] : []),
    ...(options.against === undefined ? [] : ['--against']),
    ...(options.online ? ['--online'] : []),
  ];
  const [first] = given;
  if (first === undefined) return;
  if (options.autogenerate) throw usageError('--autogenerate and --empty contradict each other', '--empty');
  throw usageError(`${first} needs --autogenerate`, first);
}

/** `revision`: a new file. */
export const revision = defineCommand({
  summary: 'Write a new revision file on top of the only head, or where --head says.',
  arguments: [],
  options: {
    message: value('What it does', { short: 'm' }),
    sql: flag('An SQL file instead of TypeScript'),
    head: list('Put it on this revision: id, label or base; again for a merge', { placeholder: 'ID' }),
    splice: flag('Let the chain fork at a revision that is no head'),
    branchLabel: list('Begin a branch of this name', { placeholder: 'LABEL' }),
    dependsOn: list('It needs this revision or label, without revising it', { placeholder: 'ID' }),
    revId: value('An id of your own', { placeholder: 'ID' }),
    folder: value('The folder, where the config has several', { placeholder: 'DIR' }),
    empty: flag('Without the examples in its upgrade'),
    autogenerate: flag('Filled from the models: what `migrate` does'),
    ...nameOptions,
    against: againstOption,
    online: onlineOption,
  },
  examples: [
    ['surefoot revision -m "add user.phone"', 'a file in ./migrations'],
    ['surefoot revision -m "fix rates" --sql', 'the same in SQL'],
    ['surefoot revision -m "add phone" --autogenerate', 'from the models'],
    ['surefoot revision -m "start billing" --head base --branch-label billing', 'a branch of its own'],
  ],
  run: async (call) => {
    const { options, project } = call;
    if (options.autogenerate && !options.empty) return await autogenerate(call, options);
    refuseAlone(options);
    const message = await messageFor(call, options.message);
    const config = await project.config();
    const graph = await graphToExtend(config.migrations);
    const { splice } = options;
    return await writeNew(graph, config, {
      message,
      revises: options.head.length > 0 ? parentsOf(graph, options.head, { splice }) : onlyHead(graph),
      branchLabels: [...new Set(options.branchLabel)],
      dependsOn: dependenciesOf(graph, options.dependsOn),
      id: options.revId,
      format: options.sql ? 'sql' : 'ts',
      folder: options.folder,
      code: options.empty ? '' : example,
    });
  },
});
