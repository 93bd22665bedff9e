// A repair that fails half-way, or leaves errors, brings the backup back: every row and object as before.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Surefoot } from '../../src/library/api.ts';
import type { Hooks } from '../../src/runner/outcome.ts';
import { ask, toolFolder } from '../backup/support.ts';
import type { Engine } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { representatives, share } from '../support/share.ts';

const engines = representatives(selectedEngines()).filter((engine) => engine !== 'pglite');

const revisions = [
  {
    id: 'aaaa',
    up: `op.createTable('first', { id: t.integer().primaryKey(), old: t.varchar(20) });
    op.createTable('second', { id: t.integer().primaryKey(), code: t.varchar(20) });
    op.addColumn('first', 'note', t.varchar(20));
    op.createIndex('second', ['code'], { name: 'uq_code', unique: true });`,
  },
  { id: 'bbbb', up: `op.dropColumn('first', 'old');` },
];

interface Bed {
  readonly surefoot: (hooks?: Hooks) => Surefoot;
  readonly run: (...statements: readonly string[]) => Promise<readonly object[]>;
}

/** A database that has drifted: a column and an index are gone. */
async function onDrifted(engine: Engine, work: (bed: Bed) => Promise<void>): Promise<void> {
  const database = await freshDatabase(engine);
  const { url } = database;
  using project = testProject(...revisions);
  const clientTools = await toolFolder(engine);
  const surefoot = (hooks: Hooks = {}) => project.surefoot({ url, clientTools, env: process.env, hooks });
  const run: Bed['run'] = (...statements) => ask(url, ...statements);
  try {
    await surefoot().upgrade();
    await run(
      'INSERT INTO first (id) VALUES (1), (2)',
      "INSERT INTO second VALUES (1, 'a'), (2, 'b')",
      'ALTER TABLE first DROP COLUMN note',
      engine === 'mysql9' || engine === 'mariadb' ? 'DROP INDEX uq_code ON second' : 'DROP INDEX uq_code',
    );
    await work({ surefoot, run });
  } finally {
    await database.drop();
  }
}

const drifted = ['drift/missing-column', 'drift/missing-index'];
const rows = async ({ run }: Bed) => [
  (await run('SELECT * FROM first ORDER BY id')).map((row) => ({ ...row })),
  (await run('SELECT * FROM second ORDER BY id')).map((row) => ({ ...row })),
];

describe.each(engines)('%s', (engine) => {
  test('a writer comes in between, and the repair fails: the backup comes back', {
    timeout: 240_000,
  }, async () => {
    await onDrifted(engine, async (bed) => {
      const before = await rows(bed);
      const twin = async () => {
        await bed.run("INSERT INTO second VALUES (3, 'b')");
      };
      const surefoot = bed.surefoot({ beforeStep: twin });
      const result = await surefoot.repair({ backup: true, restoreOnFailure: true });
      expect(result).toMatchObject({ failed: { revision: '(repair)' }, restored: true });
      expect(result.backup).toContain(join('.surefoot', 'backups'));
      expect(result.report.findings.map(({ code }) => code)).toEqual(drifted);
      expect(await rows(bed)).toEqual(before);
      const events = (await surefoot.log()).map(({ event }) => event);
      expect(events).toContain('failed');
      expect(events.at(-1)).toBe('restored');
      // Without the writer it does what it should.
      expect(await bed.surefoot().repair({ backup: false })).toMatchObject({ failed: null, restored: false });
    });
  });

  // Restoring takes its time on servers.
  test.runIf(engine === 'sqlite' || share(1, 0) === 1)(
    'errors are left: the backup comes back; without the wish, what was done stays',
    {
      timeout: 240_000,
    },
    async () => {
      await onDrifted(engine, async (bed) => {
        await bed.run('ALTER TABLE first ADD COLUMN old varchar(20)', "UPDATE first SET old = 'kept'");
        const before = await rows(bed);
        const result = await bed.surefoot().repair({ backup: true, restoreOnFailure: true });
        expect(result).toMatchObject({
          failed: null,
          restored: true,
          withheld: [{ allowance: 'drop-column' }],
        });
        expect(result.report.findings.map(({ code }) => code).sort()).toEqual([
          'drift/extra-column',
          ...drifted,
        ]);
        expect(await rows(bed)).toEqual(before);
        const again = await bed.surefoot().repair({ backup: true });
        expect(again).toMatchObject({ failed: null, restored: false });
        expect(again.report.findings.map(({ code }) => code)).toEqual(['drift/extra-column']);
      });
    },
  );
});
