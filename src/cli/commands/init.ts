import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { configFileNames } from '../../config/load-config.ts';
import { SurefootError } from '../../kernel/errors.ts';
import { errorCode } from '../../kernel/import-package.ts';
import { stringLiteral } from '../../revisions/render.ts';
import { flag } from '../args/option.ts';
import { answer, defineCommand } from '../command.ts';
import type { Found } from '../init/detect.ts';
import { detect } from '../init/detect.ts';

function configText({ url, models, orm, databaseUrl }: Found): string {
  const modelsLine =
    models === null
      ? `  // models: './schema.ts', // ${orm === null ? 'what the tables should look like' : `the models of ${orm}`}\n`
      : `  models: ${stringLiteral(`./${models}`)},\n`;
  const loadsEnv = databaseUrl === '.env';
  return [
    "import { defineConfig } from 'surefoot';",
    ...(loadsEnv
      ? ['', '// DATABASE_URL stands there.', "process.loadEnvFile(new URL('.env', import.meta.url));"]
      : []),
    '',
    'export default defineConfig({',
    `  url: process.env.DATABASE_URL ?? ${stringLiteral(url)},`,
    "  migrations: './migrations',",
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

async function writeConfig(folder: string, text: string): Promise<string> {
  const entries = await readdir(folder);
  const present = configFileNames.find((name) => entries.includes(name));
  if (present !== undefined) exists(join(folder, present));
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

/** `init`: the files that a project needs. */
export const init = defineCommand({
  summary: 'Write surefoot.config.ts, the folder of the revisions and a first, empty revision.',
  description:
    'The ORM and the database are guessed from package.json and .env. Nothing that is there is overwritten.',
  arguments: [],
  options: { noExample: flag('Without the first revision') },
  examples: [
    ['surefoot init', 'in the folder of the project'],
    ['surefoot init --cwd api', 'in another one'],
  ],
  run: async ({ project: { folder }, shell, options }) => {
    const found = await detect(folder, shell.env);
    const config = await writeConfig(folder, configText(found));
    const migrations = join(folder, 'migrations');
    await mkdir(migrations, { recursive: true });
    const files = [
      config,
      ...(options.noExample ? [] : await writeExample(migrations)),
      ...(found.hasGitignore ? await ignoreCache(folder) : []),
    ];
    const { orm, models, url } = found;
    return answer({
      data: { files, config, migrations, orm, models, url },
      text: (shown, look) =>
        [
          ...shown.files.map((file) => `${look.good('Wrote')} ${relative(folder, file)}`),
          ...(shown.orm === null
            ? []
            : [look.dim(`Found ${shown.orm}${shown.models === null ? '' : `, models in ${shown.models}`}.`)]),
          '',
          `Next: put what you need into the revision, then ${look.title('surefoot plan')} and ${look.title('surefoot upgrade')}.`,
        ].join('\n'),
    });
  },
});
