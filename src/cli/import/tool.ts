// `import` of any tool but Alembic. In: the call. Out: what was found, written and recorded. Must not know a tool.

import { join, relative } from 'node:path';
import { parseEnv } from 'node:util';
import type { ToolImport } from '../../library/import-tool.ts';
import { importFromTool } from '../../library/import-tool.ts';
import type { DialectName } from '../../schema/schema.ts';
import { needsHand } from '../../takeover/applied-state.ts';
import type { ForeignTool } from '../../takeover/tool.ts';
import type { Answer, Call } from '../command.ts';
import { answerBoth } from '../command.ts';
import { readIfThere } from '../files.ts';
import { whoRuns } from '../runs/who.ts';
import type { Shell } from '../shell.ts';
import type { Look } from '../text/look.ts';
import { table } from '../text/table.ts';
import { hasConfig, writeImportConfig } from './config-text.ts';
import { withTalkAside } from './talk.ts';

/** What the verb was told. */
export interface ToolRequest {
  readonly tool: ForeignTool;
  readonly path: string;
  readonly dialect: DialectName | undefined;
  readonly out: string | undefined;
  readonly dryRun: boolean;
  readonly filesOnly: boolean;
}

type AnyCall = Pick<Call<Record<string, never>>, 'project' | 'shell' | 'globals'>;

/** The variables of the environment, and those of the `.env` beside the config, which most tools read. */
async function envOf({ project, shell }: AnyCall): Promise<Shell['env']> {
  const text = await readIfThere(join(project.folder, '.env'));
  return text === null ? shell.env : { ...parseEnv(text), ...shell.env };
}

/** Where the database is: --url, else the config. */
async function optionsOf(call: AnyCall, request: ToolRequest, has: boolean) {
  const { project, shell, globals } = call;
  const config = await project.config();
  const isSaid = (has || globals.url !== undefined) && !request.filesOnly;
  const url = isSaid ? (config.url ?? undefined) : undefined;
  const env = await envOf(call);
  return {
    out: request.out ?? (has ? config.migrations[0] : undefined),
    ignore: config.ignore,
    fallbackUrl: has || request.filesOnly ? undefined : env['DATABASE_URL'] || undefined,
    options: {
      projectFolder: project.folder,
      ...(url === undefined ? {} : { url, directUrl: config.directUrl ?? undefined }),
      versionTable: config.versionTable,
      versionNamespace: config.versionNamespace ?? undefined,
      lockTimeoutMs: config.lockTimeoutMs,
      scratchUrl: config.scratchUrl ?? undefined,
      env,
      who: request.dryRun ? undefined : await whoRuns(shell, project.folder),
    },
  };
}

const said = { full: 'fully', schema: 'the schema', none: 'not whole' } as const;

function summary({ report: { totals } }: ToolImport): string {
  const { revisions, full, schema, none } = totals;
  return `${revisions} ${revisions === 1 ? 'revision' : 'revisions'}: ${full} taken over fully, ${schema} but for data, ${none} not whole.`;
}

function stateLines({ applied, recorded }: ToolImport, look: Look): readonly string[] {
  if (applied === null) return [];
  const { entries, problems, table: name, notes } = applied;
  const count = `${name} names ${entries.length} ${entries.length === 1 ? 'migration' : 'migrations'}; ${applied.applied.length} count as applied.`;
  return [
    count,
    ...problems.map((one) => `${look.bad(one.kind)} ${one.name}: ${one.reason}`),
    ...notes,
    ...(recorded === null
      ? []
      : [
          recorded.length === 0
            ? 'Recorded: nothing is applied.'
            : `${look.good('Recorded')} ${recorded.join(', ')}`,
        ]),
  ];
}

interface Shown {
  readonly result: ToolImport;
  readonly files: readonly string[];
  /** Told where a config was there before. */
  readonly toIgnore: readonly string[];
}

function textOf({ result, files, toIgnore }: Shown, look: Look): string {
  const rows = result.report.revisions.map(({ id, status, remainders, file }) => {
    const [first] = remainders;
    const more = remainders.length > 1 ? ` (${remainders.length} places)` : '';
    return [id, said[status], first ? `${file}:${first.line}: ${first.reason}${more}` : ''];
  });
  return [
    ...files.map((file) => `${look.good('Wrote')} ${file}`),
    ...(files.length > 0 ? [''] : []),
    table(['revision', 'taken over', 'left to do'], rows, look),
    ...result.unread.map(({ file, reason }) => `${look.bad('Not read:')} ${file}: ${reason}`),
    ...result.notes,
    summary(result),
    ...stateLines(result, look),
    ...(toIgnore.length > 0
      ? [`Put these into \`ignore\` of the config, so that check leaves them alone: ${toIgnore.join(', ')}`]
      : []),
  ].join('\n');
}

function dataOf(result: ToolImport, files: readonly string[]) {
  const { report, applied, recorded, unread, notes } = result;
  return { ...report, applied, recorded, unread, notes, files };
}

/** Takes the history of a tool over. */
export async function importTool(call: AnyCall, request: ToolRequest): Promise<Answer> {
  const { folder } = call.project;
  const has = call.globals.config !== undefined || (await hasConfig(folder));
  const { ignore, ...given } = await optionsOf(call, request, has);
  const { tool, path, dialect, dryRun, filesOnly } = request;
  const choices = { tool, path, ...given, dialect, dryRun, filesOnly };
  const result = await withTalkAside(call.shell, () => importFromTool(choices));
  const wish = {
    migrations: result.folder,
    ignore: result.tables,
    title: tool.title,
    dialect: result.dialect,
    url: call.globals.url ?? null,
    place: result.place,
  };
  const config = dryRun || has ? [] : await writeImportConfig(folder, wish, call.shell.env);
  const files = [...result.files, ...config].map((file) => relative(folder, file));
  const toIgnore = has ? result.tables.filter((name) => !ignore.includes(name)) : [];
  return answerBoth({
    data: dataOf(result, files),
    shown: { result, files, toIgnore },
    text: textOf,
    exitCode: result.applied !== null && needsHand(result.applied) ? 1 : 0,
  });
}
