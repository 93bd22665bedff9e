// A living runner with a long statement keeps its lock. In: an engine, seconds. Out: a proof.

import { isSurefootError } from '../../src/kernel/errors.ts';
import type { Proof } from '../matrix/proof.ts';
import type { Engine } from '../servers/index.ts';
import { freshDatabase } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { familyOf } from './chain.ts';
import { startRunner } from './kill.ts';
import { collect } from './proof.ts';

const sleeping = {
  postgres: (seconds: number) =>
    `op.execute('SELECT pg_sleep(${seconds})', { effect: 'none', inverse: [] });`,
  mysql: (seconds: number) => `op.execute('DO SLEEP(${seconds})', { effect: 'none', inverse: [] });`,
  // The driver blocks its process until the statement is done.
  sqlite: (seconds: number) => `op.run(({ connection }) => {
    const end = Date.now() + ${seconds * 1000};
    connection.native.function('busy', () => { while (Date.now() < end) {} return 1; });
    return connection.query('SELECT busy()');
  }, { inverse: 'nothing' });`,
} as const;

export async function proveLong(engine: Engine, { seconds = 60 } = {}): Promise<readonly Proof[]> {
  using project = testProject(
    { id: 'aaaa1111', up: `op.createTable('item', { id: t.integer().primaryKey() });` },
    { id: 'bbbb2222', up: sleeping[familyOf(engine)](seconds) },
  );
  const database = await freshDatabase(engine);
  try {
    const { url } = database;
    const surefoot = project.surefoot({ url });
    await surefoot.upgrade('aaaa1111');
    const runner = startRunner({ url, folder: project.folder });
    while ((await surefoot.status()).lock === null) await new Promise((resolve) => setTimeout(resolve, 50));
    const lockTimeoutMs = (seconds - 2) * 1000;
    const refused = await surefoot.upgrade('heads', { lockTimeoutMs }).then(
      () => 'another runner took the lock',
      (error: unknown) => (isSurefootError(error, 'lock/held') ? null : String(error)),
    );
    const { code, output } = await runner.ended;
    const problem = refused ?? (code === 0 ? null : output.slice(-600));
    const end = problem === null ? 'kept' : 'lost';
    return [
      collect(`a living runner keeps its lock through a statement of ${seconds} s`, [
        problem === null ? { end } : { end, problem },
      ]),
    ];
  } finally {
    await database.drop();
  }
}
