import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SurefootError } from '../../kernel/errors.ts';
import { errorCode } from '../../kernel/import-package.ts';
import type { Surefoot } from '../../library/api.ts';
import { createSurefoot } from '../../library/create-surefoot.ts';
import type { LintChoices } from '../../library/lint-choices.ts';
import { hasLintErrors } from '../../lint/finding.ts';
import { rules } from '../../lint/rules/index.ts';
import type { SizeStatistics } from '../../lint/sizes.ts';
import { choice, flag, value } from '../args/option.ts';
import { usageError } from '../args/usage.ts';
import type { Call } from '../command.ts';
import { answer, answerBoth, defineCommand } from '../command.ts';
import type { Project } from '../project.ts';
import { filesSince, stagedFiles } from '../runs/changed-files.ts';
import { lintGithub, lintSarif, lintText } from '../text/lint.ts';
import { fixesText } from '../text/lint-fixes.ts';
import { table } from '../text/table.ts';
import { toolVersion } from '../version.ts';

function isSize(found: unknown): boolean {
  if (typeof found !== 'object' || found === null) return false;
  const { namespace, name, rows }: { readonly [member: string]: unknown } = { ...found };
  const isNamespace = namespace === null || typeof namespace === 'string';
  return isNamespace && typeof name === 'string' && typeof rows === 'number';
}

function isStatistics(found: unknown): found is SizeStatistics {
  return (
    typeof found === 'object' &&
    found !== null &&
    'format' in found &&
    found.format === 1 &&
    'product' in found &&
    typeof found.product === 'string' &&
    'tables' in found &&
    Array.isArray(found.tables) &&
    found.tables.every(isSize)
  );
}

/** The statistics of the file that is named, or that stands beside the revisions. */
async function statisticsOf(
  given: string | undefined,
  project: Project,
): Promise<SizeStatistics | undefined> {
  const { migrations, lint } = await project.config();
  const named = given ?? lint.statistics;
  const file =
    named === undefined ? resolve(migrations[0] ?? '.', 'stats.json') : resolve(project.folder, named);
  try {
    const found: unknown = JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''));
    if (isStatistics(found)) return found;
  } catch (error) {
    if (named === undefined && errorCode(error) === 'ENOENT') return undefined;
    if (!(error instanceof SyntaxError) && errorCode(error) === null) throw error;
  }
  throw new SurefootError('file/failed', `${file} holds no statistics`, {
    details: { file, code: 'unreadable' },
    hint: 'Write it with `surefoot stats --out FILE`.',
  });
}

/**
 * The library. Where nobody names a database, statistics tell which server it is: the usual one of a project without a
 * config is no such word.
 */
async function libraryFor(
  { project, globals, shell }: Pick<Call<Record<never, never>>, 'project' | 'globals' | 'shell'>,
  statistics: SizeStatistics | undefined,
): Promise<Surefoot> {
  const { url, file } = await project.config();
  const isUsual = file === null && globals.url === undefined && !shell.env['DATABASE_URL'];
  if (statistics === undefined || (url !== null && !isUsual)) return await project.open();
  return createSurefoot(await project.options({ writes: false }));
}

async function filesOf(
  { staged, since }: { readonly staged: boolean; readonly since: string | undefined },
  folder: string,
): Promise<readonly string[] | undefined> {
  if (staged && since !== undefined) throw usageError('--staged and --since exclude each other', '--since');
  if (staged) return await stagedFiles(folder);
  return since === undefined ? undefined : await filesSince(folder, since);
}

interface FixValues {
  readonly fix: boolean;
  readonly dryRun: boolean;
  readonly force: boolean;
}

/** What the options say of rewriting. */
function fixChoices({ fix, dryRun, force }: FixValues): Pick<LintChoices, 'fix' | 'force'> {
  const alone = dryRun ? '--dry-run' : force ? '--force' : null;
  if (!fix && alone !== null) throw usageError(`${alone} goes with --fix`, alone);
  return fix ? { fix: dryRun ? 'preview' : 'write', force } : {};
}

/** `lint`: hazards of revisions. */
export const lint = defineCommand({
  summary:
    'Hazards of revisions: what blocks, what loses data, what breaks running code; and what to do instead.',
  description:
    'Without a range every revision is looked at for itself. A range, --staged and --since make one plan of what they name: tables that it creates are nobody’s yet. With --url the server is asked for its version and for sizes; reading is enough.',
  arguments: [{ name: 'range', summary: 'Revisions: a:b' }],
  options: {
    staged: flag('Only revisions that the next commit adds or changes'),
    since: value('Only revisions added or changed since a Git reference', { placeholder: 'REF' }),
    stats: value('A file of `surefoot stats`. Default: stats.json beside the revisions', {
      placeholder: 'FILE',
    }),
    format: choice('How findings are written', ['text', 'sarif', 'github']),
    fix: flag('Rewrite what has a safe form, in the files'),
    dryRun: flag('With --fix: show what would change, write nothing'),
    force: flag('With --fix: also revisions that the database has already'),
    rules: flag('List the rules'),
  },
  examples: [
    ['surefoot lint --since origin/main', 'what a branch adds'],
    ['surefoot lint --url postgres://…', 'with the sizes of a real database'],
    ['surefoot lint --since origin/main --fix', 'and rewrite what has a safe form'],
    ['surefoot lint --format sarif', 'for code scanning'],
  ],
  run: async ({ options, arguments: [range], project, globals, shell }) => {
    if (options.rules) {
      const data = rules.map(({ id, severity, flavors, summary }) => ({ id, severity, flavors, summary }));
      return answer({
        data,
        text: (shown, look) =>
          table(
            ['rule', 'severity', 'what it finds'],
            shown.map((one) => [one.id, one.severity, one.summary]),
            look,
          ),
      });
    }
    const { folder } = project;
    const statistics = await statisticsOf(options.stats, project);
    const choices: LintChoices = {
      range,
      files: await filesOf(options, folder),
      statistics,
      server: globals.url !== undefined,
      ...fixChoices(options),
    };
    const surefoot = await libraryFor({ project, globals, shell }, statistics);
    const report = await surefoot.lint(choices);
    return answerBoth({
      data:
        options.format === 'sarif' ? lintSarif(report, rules, { folder, version: toolVersion() }) : report,
      shown: report,
      text: (shown, look) => {
        if (options.format === 'sarif')
          return JSON.stringify(lintSarif(shown, rules, { folder, version: toolVersion() }), null, 2);
        if (options.format === 'github') return lintGithub(shown, folder);
        return [fixesText(shown, folder, look), lintText(shown, folder, look)]
          .filter((part) => part !== '')
          .join('\n\n');
      },
      exitCode: hasLintErrors(report.findings) ? 1 : 0,
    });
  },
});
