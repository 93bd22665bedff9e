// `import alembic`. In: the call. Out: what was found and written. Must not know how Python is read.

import { readdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { ImportResult } from '../../library/import-history.ts';
import { importFromAlembic } from '../../library/import-history.ts';
import { stringLiteral } from '../../revisions/render.ts';
import type { DialectName } from '../../schema/schema.ts';
import { usageError } from '../args/usage.ts';
import type { Answer, Call } from '../command.ts';
import { answerBoth } from '../command.ts';
import { detect } from '../init/detect.ts';
import type { Project } from '../project.ts';
import type { Look } from '../text/look.ts';
import { table } from '../text/table.ts';
import { hasConfig } from './config-text.ts';

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

/** What the verb was told. */
export interface AlembicRequest {
  readonly path: string;
  readonly dialects: readonly DialectName[];
  readonly out: string | undefined;
  readonly rules: string | undefined;
  readonly withAlembic: boolean;
  readonly dryRun: boolean;
}

/** Takes the history of Alembic over. */
export async function importAlembic(
  { project, shell }: Pick<Call<Record<string, never>>, 'project' | 'shell'>,
  request: AlembicRequest,
): Promise<Answer> {
  const { path, dialects, rules, dryRun, withAlembic } = request;
  if (withAlembic && dialects.length !== 1) {
    const advice = 'Say with --dialect which one: Alembic writes SQL for one kind of database.';
    throw usageError('--with-alembic needs one --dialect', '--with-alembic', advice);
  }
  const { folder } = project;
  const out = await outOf(project, { out: request.out, path });
  const alembicEnv = withAlembic ? shell.env : undefined;
  const result = await importFromAlembic({
    path,
    projectFolder: folder,
    out,
    rules,
    dialects,
    dryRun,
    alembicEnv,
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
}
