import { dialectOf } from '../../takeover/alembic/dialects.ts';
import { foreignTools, toolNames } from '../../takeover/tools.ts';
import { flag, list, value } from '../args/option.ts';
import { usageError } from '../args/usage.ts';
import { defineCommand } from '../command.ts';

function unknownDialect(name: string): never {
  throw usageError(`--dialect: there is no ${JSON.stringify(name)}`, name, 'Use postgres, mysql or sqlite.');
}

function unknownTool(tool: string): never {
  const known = toolNames.join(', ');
  throw usageError(
    `there is no import from ${JSON.stringify(tool)}`,
    tool,
    `Surefoot imports from ${known}.`,
  );
}

/** `import`: the history of another tool. */
export const importHistory = defineCommand({
  summary: 'Take the history of another tool over: ids, order and applied state stay.',
  description:
    'Reads the files of the tool and writes each migration as a revision; what cannot be translated is marked. With a database, what the tool applied counts as applied; its tables are only read. Nothing that is there is overwritten.',
  arguments: [
    { name: 'tool', summary: toolNames.join(', '), isRequired: true },
    {
      name: 'path',
      summary: 'The project, its migrations, or one file. Default: the folder of the project',
    },
  ],
  options: {
    dryRun: flag('Write and record nothing, only report'),
    out: value('The folder of the new revisions. Default: migrations, or revisions', { placeholder: 'DIR' }),
    filesOnly: flag('Look at no database: the files alone'),
    dialect: list('The kind of database: postgres, mysql or sqlite. For Alembic: only for this one', {
      placeholder: 'NAME',
    }),
    rules: value('Alembic: JSON, what tests and types of the project mean', { placeholder: 'FILE' }),
    withAlembic: flag('Alembic: take the SQL of its offline mode for what cannot be translated'),
  },
  examples: [
    ['surefoot import alembic', 'the Flask project in this folder'],
    [
      'surefoot import alembic ../api/migrations --dialect postgres',
      'a Flask-Migrate folder, for one database',
    ],
    ['surefoot import prisma --url postgres://localhost/app', 'files, and what this database has of them'],
    ['surefoot import dbmate --dry-run --json', 'what would be taken over'],
  ],
  run: async ({ project, shell, globals, options, arguments: [tool = '', path = '.'] }) => {
    const { dryRun, rules, out, filesOnly, withAlembic } = options;
    const dialects = [...new Set(options.dialect.map((name) => dialectOf(name) ?? unknownDialect(name)))];
    if (tool === 'alembic') {
      const { importAlembic } = await import('../import/alembic.ts');
      return await importAlembic({ project, shell }, { path, dialects, out, rules, dryRun, withAlembic });
    }
    const load = Object.hasOwn(foreignTools, tool) ? foreignTools[tool] : undefined;
    if (load === undefined) return unknownTool(tool);
    if (rules !== undefined) throw usageError('--rules is for Alembic', '--rules', 'Leave it out.');
    if (withAlembic) throw usageError('--with-alembic is for Alembic', '--with-alembic', 'Leave it out.');
    const { importTool } = await import('../import/tool.ts');
    const request = { tool: await load(), path, dialect: dialects[0], out, dryRun, filesOnly };
    return await importTool({ project, shell, globals }, request);
  },
});
