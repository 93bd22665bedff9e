// In: a history. Out: a project of Surefoot's in a folder. Must not know what is measured.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change } from './history.ts';

const idOf = (number: number): string => `b${number.toString(16).padStart(11, '0')}`;

function timeOf(number: number): Date {
  return new Date(Date.UTC(2024, 0, 1) + number * 3_600_000);
}

const stamp = (date: Date): string => date.toISOString().replaceAll(/\D/g, '').slice(0, 14);

function revisionText({ number, name, code }: Change): string {
  return `import { revision } from 'surefoot';

export default revision({
  id: '${idOf(number)}',
  revises: ${number === 1 ? 'null' : `'${idOf(number - 1)}'`},
  message: '${name.replaceAll('_', ' ')}',
  createdAt: '${timeOf(number).toISOString()}',
  upgrade(op) {
${code}
  },
  downgrade: 'auto',
});
`;
}

/** Writes config and revisions. */
export async function writeProject(
  folder: string,
  changes: readonly Change[],
  { models }: { readonly models?: string } = {},
): Promise<void> {
  const migrations = join(folder, 'migrations');
  await mkdir(migrations, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }\n');
  const config = [
    "import { defineConfig } from 'surefoot';",
    '',
    'export default defineConfig({',
    '  url: process.env.DATABASE_URL,',
    "  migrations: './migrations',",
    ...(models === undefined ? [] : ["  models: './schema.ts',"]),
    '});',
    '',
  ];
  await writeFile(join(folder, 'surefoot.config.ts'), config.join('\n'));
  if (models !== undefined) await writeFile(join(folder, 'schema.ts'), models);
  for (const change of changes) {
    const file = `${stamp(timeOf(change.number))}_${idOf(change.number)}_${change.name}.ts`;
    await writeFile(join(migrations, file), revisionText(change));
  }
}
