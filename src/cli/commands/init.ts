import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { configFileNames } from '../../config/load-config.ts';
import { SurefootError } from '../../kernel/errors.ts';
import { errorCode } from '../../kernel/import-package.ts';
import { stringLiteral } from '../../revisions/render.ts';
import { choice, flag, list, value } from '../args/option.ts';
import { usageError } from '../args/usage.ts';
import { leftOutLines } from '../autogenerate.ts';
import type { Answer } from '../command.ts';
import { answer, defineCommand } from '../command.ts';
import type { Found } from '../init/detect.ts';
import { detect } from '../init/detect.ts';
import { importOfEnv, linesOfEnv } from '../init/load-env.ts';
import type { OtherHistory } from '../init/other-history.ts';
import { otherHistory } from '../init/other-history.ts';
import type { Project } from '../project.ts';
import type { Look } from '../text/look.ts';

function configText({ url, models, orm, databaseUrl }: Found, migrations: string): string {
  const modelsLine =
    models === null
      ? `  // models: './schema.ts', // ${orm === null ? 'what the tables should look like' : `the models of ${orm}`}\n`
      : `  models: ${stringLiteral(`./${models}`)},\n`;
  const loadsEnv = databaseUrl === '.env';
  return [
    ...(loadsEnv ? [importOfEnv] : []),
    "import { defineConfig } from 'surefoot';",
    ...(loadsEnv ? linesOfEnv : []),
    '',
    'export default defineConfig({',
    `  url: process.env.DATABASE_URL ?? ${stringLiteral(url)},`,
    `  migrations: './${migrations}',`,
    `${modelsLine}});`,
    '',
  ].join('\n');
}

function exists(file: string): never {
  throw new SurefootError('config/exists', `there is a config already: ${file}`, {
    details: { file },
    hint: 'Change it by hand, or remove it first.',
  });
}

async function refuseConfig(folder: string): Promise<void> {
  const entries = await readdir(folder);
  const present = configFileNames.find((name) => entries.includes(name));
  if (present !== undefined) exists(join(folder, present));
}

async function writeConfig(folder: string, text: string): Promise<string> {
  const file = join(folder, 'surefoot.config.ts');
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    if (errorCode(error) === 'EEXIST') exists(file);
    throw error;
  }
  return file;
}

/** The cache folder is no part of a repository. Gives the file, if it was changed. */
async function ignoreCache(folder: string): Promise<readonly string[]> {
  const file = join(folder, '.gitignore');
  const text = await readFile(file, 'utf8');
  if (text.split(/\r?\n/).some((line) => /^\/?\.surefoot\/?$/.test(line.trim()))) return [];
  await writeFile(file, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}.surefoot/\n`);
  return [file];
}

const example = [
  '// What a revision does is said once, for every database:',
  "// op.createTable('note', (t) => ({",
  '//   id: t.integer().primaryKey(),',
  '//   text: t.text().notNull(),',
  '// }));',
].join('\n');

async function writeExample(folder: string): Promise<readonly string[]> {
  const [{ newRevisionId, writeRevision }, { now }] = await Promise.all([
    import('../../revisions/write.ts'),
    import('../../kernel/clock.ts'),
  ]);
  if ((await readdir(folder)).length > 0) return [];
  const createdAt = `${new Date(now()).toISOString().slice(0, 19)}Z`;
  const header = { id: newRevisionId(), revises: [], message: 'start', createdAt };
  const body = { upgrade: example, downgrade: 'auto' };
  return [(await writeRevision({ folder, header, format: 'ts', body })).file];
}

interface Begun {
  readonly found: Found;
  readonly other: OtherHistory | null;
  readonly config: string;
  readonly migrations: string;
}

/** Config and folders. A folder that is another tool's is left to it. */
async function begin(folder: string, found: Found): Promise<Begun> {
  await refuseConfig(folder);
  const other = await otherHistory(folder, found.orm);
  const name = other?.folder === 'migrations' ? 'revisions' : 'migrations';
  const migrations = join(folder, name);
  await mkdir(migrations, { recursive: true });
  return { found, other, config: await writeConfig(folder, configText(found, name)), migrations };
}

async function plainInit(
  { found, other, config, migrations }: Begun,
  folder: string,
  options: { readonly noExample: boolean },
): Promise<Answer> {
  // Models, or another tool's migrations, say what the first revision does.
  const isTold = found.models !== null || other !== null;
  const files = [
    config,
    ...(isTold || options.noExample ? [] : await writeExample(migrations)),
    ...(found.hasGitignore ? await ignoreCache(folder) : []),
  ];
  const { orm, models, url } = found;
  return answer({
    data: { files, config, migrations, orm, models, url, otherHistory: other },
    text: (shown, look) =>
      [
        ...shown.files.map((file) => `${look.good('Wrote')} ${relative(folder, file)}`),
        ...(shown.orm === null
          ? []
          : [look.dim(`Found ${shown.orm}${shown.models === null ? '' : `, models in ${shown.models}`}.`)]),
        '',
        shown.otherHistory === null
          ? `Next: ${nextStep(shown, look)}, then ${look.title('surefoot plan')} and ${look.title('surefoot upgrade')}.`
          : takeoverLine(shown.otherHistory, look),
      ].join('\n'),
  });
}

function takeoverLine({ folder, tool }: OtherHistory, look: Look): string {
  const place = folder === '.' ? 'here' : `in ${folder}`;
  const command = look.title(`surefoot import ${tool ?? '…'}`);
  return `There are migrations of another tool ${place}.\nNext: ${command} takes them over, with what is applied.`;
}

/** Where models are, they say what the first revision does; where no example was written, there is none yet. */
function nextStep(
  { models, files }: { readonly models: string | null; readonly files: readonly string[] },
  look: Look,
): string {
  if (models !== null) return look.title('surefoot migrate -m "…"');
  const hasExample = files.some((file) => /_start\.\w+$/.test(file));
  return hasExample ? 'put what you need into the revision' : look.title('surefoot revision -m "…"');
}

interface Taking {
  readonly model: 'typescript' | 'sql';
  readonly models: string;
  readonly namespaces: readonly string[];
}

/** The config is there first, since it says where the database is; it goes again where nothing comes of it. */
async function initFromDatabase(begun: Begun, project: Project, taking: Taking): Promise<Answer> {
  const { folder } = project;
  const { found, config, migrations } = begun;
  const { model, models, namespaces } = taking;
  try {
    const surefoot = await project.open({ writes: true });
    const file = join(folder, models);
    const { revision, leftOut, findings } = await surefoot.fromDatabase({ model, file, namespaces });
    const files = [
      config,
      file,
      ...(revision === null ? [] : [revision.file]),
      ...(found.hasGitignore ? await ignoreCache(folder) : []),
    ];
    const { orm, url } = found;
    const errors = findings.filter(({ severity }) => severity === 'error');
    return answer({
      data: { files, config, migrations, orm, models, url, revision, leftOut, findings },
      exitCode: errors.length > 0 ? 1 : 0,
      text: (shown, look) =>
        [
          ...shown.files.map((one) => `${look.good('Wrote')} ${relative(folder, one)}`),
          ...leftOutLines(shown.leftOut, look),
          '',
          ...(shown.revision === null
            ? ['The database is empty: there is no revision to write.']
            : [
                `The database is recorded at ${look.id(shown.revision.id)}, and it is what that revision makes.`,
              ]),
          errors.length > 0
            ? `${look.bad('Model and revision do not agree:')} see ${look.title('surefoot check')}.`
            : `Next: change ${shown.models}, then ${look.title('surefoot migrate -m "…"')}.`,
        ].join('\n'),
    });
  } catch (error) {
    await rm(config);
    throw error;
  }
}

/** `init`: the files that a project needs. */
export const init = defineCommand({
  summary: 'Write surefoot.config.ts, the folder of the revisions and a first, empty revision.',
  description:
    'The ORM and the database are guessed from package.json, .env and the files of the ORM; where models are found, they say what the first revision does, and none is written. Nothing that is there is overwritten. With --from-database the first revision makes what the database has, a model declares it, and the revision is recorded as run.',
  arguments: [],
  options: {
    noExample: flag('Without the first revision'),
    fromDatabase: flag('A first revision and a model from the database as it is'),
    model: choice('The form of that model. Default: typescript', ['typescript', 'sql']),
    models: value('Its file. Default: schema.ts, or schema.sql', { placeholder: 'FILE' }),
    namespace: list('Read this namespace, too', { placeholder: 'NAME' }),
  },
  examples: [
    ['surefoot init', 'in the folder of the project'],
    ['surefoot init --cwd api', 'in another one'],
    ['surefoot init --from-database --url postgres://…', 'a database that is there already'],
  ],
  run: async ({ project, shell, globals, options }) => {
    const { folder } = project;
    const { model = 'typescript', models = model === 'sql' ? 'schema.sql' : 'schema.ts' } = options;
    const needs = [options.model, options.models, options.namespace[0]].find((one) => one !== undefined);
    if (needs !== undefined && !options.fromDatabase)
      throw usageError('--model, --models and --namespace need --from-database', needs);
    const found = await detect(folder, shell.env, globals.url);
    if (!options.fromDatabase) return await plainInit(await begin(folder, found), folder, options);
    const begun = await begin(folder, { ...found, models });
    return await initFromDatabase(begun, project, { model, models, namespaces: options.namespace });
  },
});
