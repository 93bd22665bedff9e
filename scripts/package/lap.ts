// In: a packed file, a package manager, a runtime. Out: what a new user does with them, done; or an error in their words.
// Must not know: how the file was packed.

import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manager } from './managers.ts';
import { newPlace, type Place } from './place.ts';

const id = '1a2b3c4d5e6f';

const revision = `import { revision } from 'surefoot';

export default revision({
  id: '${id}',
  revises: null,
  message: 'create user',
  upgrade(op) {
    op.createTable('user', (t) => ({
      id: t.integer().identity().primaryKey(),
      email: t.varchar(120).notNull().unique(),
    }));
  },
  downgrade: 'auto',
});
`;

const application = `import { assertReady, createSurefoot } from 'surefoot';
await assertReady({ url: 'sqlite:./dev.db', migrations: './migrations' });
const surefoot = createSurefoot({ url: 'sqlite:./dev.db', migrations: './migrations' });
const { findings } = await surefoot.check();
await surefoot.close();
console.log(JSON.stringify({ node: process.version, findings: findings.length }));
`;

const expected = JSON.stringify([id]);

async function firstUpgrade(manager: Manager, place: Place): Promise<void> {
  const surefoot = (...args: readonly string[]) => place.run(manager.exec('surefoot', ...args));
  await surefoot('init', '--no-example');
  await surefoot('revision', '-m', 'create user', '--rev-id', id);
  const [file = ''] = await readdir(join(place.folder, 'migrations'));
  await writeFile(join(place.folder, 'migrations', file), revision);
  await surefoot('upgrade');
  const { heads } = JSON.parse(await surefoot('current', '--json')) as { readonly heads: unknown };
  if (JSON.stringify(heads) !== expected)
    throw new Error(`the database stands at ${JSON.stringify(heads)}, not at ${expected}`);
}

/** Installs it, goes from `init` to an upgrade, asks from code, goes down; gives the version of Node that ran. */
export async function lap(tarball: string, manager: Manager, nodeFolder: string): Promise<string> {
  const place = await newPlace(nodeFolder);
  try {
    await manager.prepare(place.folder);
    await place.run(manager.install(tarball));
    await firstUpgrade(manager, place);
    await writeFile(join(place.folder, 'app.mjs'), application);
    const printed = await place.run(manager.exec('node', 'app.mjs'));
    const { node, findings } = JSON.parse(printed) as { readonly node: string; readonly findings: number };
    if (findings !== 0) throw new Error(`check found ${findings} things`);
    await place.run(manager.exec('surefoot', 'downgrade', '--yes'));
    return node;
  } finally {
    await rm(place.folder, { recursive: true, force: true });
  }
}
