import { readdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { configFileNames } from '../../config/load-config.ts';
import type { ImportResult } from '../../library/import-history.ts';
import { stringLiteral } from '../../revisions/render.ts';
import { flag, list, value } from '../args/option.ts';
import { usageError } from '../args/usage.ts';
import { answerBoth, defineCommand } from '../command.ts';
import { detect } from '../init/detect.ts';
import type { Project } from '../project.ts';
import type { Look } from '../text/look.ts';
import { table } from '../text/table.ts';

const configText = (url: string, migrations: string): string =>
  [
    "import { defineConfig } from 'surefoot';",
    '',
    'export default defineConfig({',
    `  url: process.env.DATABASE_URL ?? ${stringLiteral(url)},`,
    `  migrations: ${stringLiteral(migrations)},`,
    '  // The table that Alembic keeps: what is applied stays applied.',
    "  versionTable: 'alembic_version',",
    '});',
    '',
  ].join('\n');

const hasConfig = async (folder: string): Promise<boolean> =>
  (await readdir(folder)).some((name) => configFileNames.includes(name));

/** `./migrations`, unless the Alembic history lives there itself. */
function usualOut(folder: string, path: string, isThere: boolean): string {
  const usual = join(folder, 'migrations');
  const source = resolve(folder, path);
  const isInside = source === usual || source.startsWith(usual + sep);
  return isInside || isThere ? 'revisions' : 'migrations';
}

async function outOf(
  project: Project,
  given: { readonly out: string | undefined; readonly path: string },
): Promise<string> {
  if (given.out !== undefined) return given.out;
  const { folder } = project;
  if (await hasConfig(folder)) return (await project.config()).migrations[0] ?? 'migrations';
  const entries = await readdir(folder, { withFileTypes: true });
  const own = entries.some((one) => one.isDirectory() && one.name === 'migrations');
  const isAlembic = own && (await readdir(join(folder, 'migrations'))).includes('versions');
  return usualOut(folder, given.path, isAlembic);
}

async function writeConfig(
  folder: string,
  out: string,
  env: Parameters<typeof detect>[1],
): Promise<readonly string[]> {
  if (await hasConfig(folder)) return [];
  const file = join(folder, 'surefoot.config.ts');
  const { url } = await detect(folder, env);
  const migrations = `./${relative(folder, resolve(folder, out)).replaceAll(sep, '/')}`;
  await writeFile(file, configText(url, migrations), { flag: 'wx' });
  return [file];
}

const said = { full: 'fully', schema: 'the schema', none: 'not whole' } as const;

function summary({ report: { totals } }: ImportResult): string {
  const { revisions, full, schema, none } = totals;
  return `${revisions} ${revisions === 1 ? 'revision' : 'revisions'}: ${full} translated fully, ${schema} but for data, ${none} not whole.`;
}

function textOf(result: ImportResult, look: Look): string {
  const rows = result.report.revisions.map(({ id, status, remainders, file }) => {
    const [first] = remainders;
    const more = remainders.length > 1 ? ` (${remainders.length} places)` : '';
    return [id, said[status], first ? `${file}:${first.line}: ${first.reason}${more}` : ''];
  });
  return [
    table(['revision', 'translated', 'left to do'], rows, look),
    ...result.unread.map(({ file, reason }) => `${look.bad('Not read:')} ${file}: ${reason}`),
    summary(result),
  ].join('\n');
}

/** `import`: the history of another tool. */
export const importHistory = defineCommand({
  summary: 'Take the history of Alembic or Flask-Migrate over: ids, order and applied state stay.',
  description:
    'Reads the Python files, without Python and without a database, and writes each as a revision. What cannot be translated becomes a marked step that refuses when it should run. Nothing that is there is overwritten.',
  arguments: [
    { name: 'tool', summary: 'alembic', isRequired: true },
    {
      name: 'path',
      summary: 'The project, its migrations, or its version files. Default: the folder of the project',
    },
  ],
  options: {
    dryRun: flag('Write nothing, only report'),
    out: value('The folder of the new revisions. Default: migrations, or revisions', { placeholder: 'DIR' }),
    dialect: list('Only for this kind of database: postgres, mysql or sqlite', { placeholder: 'NAME' }),
    rules: value('JSON: what tests and types of the project mean', { placeholder: 'FILE' }),
  },
  examples: [
    ['surefoot import alembic', 'the project in this folder'],
    [
      'surefoot import alembic ../api/migrations --dialect postgres',
      'a Flask-Migrate folder, for one database',
    ],
    ['surefoot import alembic --dry-run --json', 'what would be translated'],
  ],
  run: async ({ project, shell, options, arguments: [tool, path = '.'] }) => {
    if (tool !== 'alembic')
      throw usageError(
        `there is no import from ${JSON.stringify(tool)}`,
        tool ?? '',
        'Surefoot imports from alembic.',
      );
    const [{ importFromAlembic }, { dialectOf }] = await Promise.all([
      import('../../library/import-history.ts'),
      import('../../takeover/alembic/dialects.ts'),
    ]);
    const dialects = options.dialect.map((name) => dialectOf(name) ?? unknownDialect(name));
    const { folder } = project;
    const out = await outOf(project, { out: options.out, path });
    const { dryRun, rules } = options;
    const result = await importFromAlembic({
      path,
      projectFolder: folder,
      out,
      rules,
      dialects: [...new Set(dialects)],
      dryRun,
    });
    const files = dryRun ? [] : [...result.files, ...(await writeConfig(folder, out, shell.env))];
    return answerBoth({
      data: result.report,
      shown: { result, files: files.map((file) => relative(folder, file)) },
      text: (shown, look) =>
        [
          ...shown.files.map((file) => `${look.good('Wrote')} ${file}`),
          ...(shown.files.length > 0 ? [''] : []),
          textOf(shown.result, look),
        ].join('\n'),
    });
  },
});

function unknownDialect(name: string): never {
  throw usageError(`--dialect: there is no ${JSON.stringify(name)}`, name, 'Use postgres, mysql or sqlite.');
}
