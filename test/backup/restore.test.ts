import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/config/choose-dialect.ts';
import type { Surefoot } from '../../src/library/api.ts';
import type { FreshDatabase } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import type { TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { representatives, share } from '../support/share.ts';
import { ask, destroy, fill, portrait, toolFolder } from './support.ts';

const engines = selectedEngines().filter((engine) => engine !== 'pglite');
const allow = ['lose-writes-since-backup'] as const;

const revisions = [
  { id: 'a001', up: `op.createTable('owned', { id: t.integer().primaryKey() });` },
  { id: 'a002', up: `op.addColumn('owned', 'name', t.varchar(20));` },
  { id: 'a003', up: `op.createTable('second', { id: t.integer().primaryKey() });` },
];

describe.each(engines)('%s', (engine) => {
  // That the rows come back is tried everywhere, how it is refused on one engine a family.
  const detail = test.runIf(representatives(engines).includes(engine));
  // What becomes of files has little to do with the database.
  const ofFiles = test.runIf(share(true, engine === 'sqlite'));
  let database: FreshDatabase;
  let project: TestProject;
  let surefoot: Surefoot;
  beforeAll(async () => {
    database = await freshDatabase(engine);
    project = testProject(...revisions);
    const clientTools = await toolFolder(engine);
    surefoot = project.surefoot({ url: database.url, clientTools, env: process.env });
    await surefoot.upgrade('a002');
    await fill(database.url, engine);
  });
  afterAll(async () => {
    project[Symbol.dispose]();
    await database.drop();
  });

  test('backed up, destroyed and restored, the database has the same rows and objects', async () => {
    const before = await portrait(database.url, engine);
    expect(before.length).toBeGreaterThan(8);
    const pages: number[] = [];
    const saved = await surefoot.backup({ onProgress: ({ done }) => pages.push(done) });
    expect(saved).toMatchObject({ heads: ['a002'] });
    expect(saved.rows).toBeGreaterThanOrEqual(21);
    expect(pages.at(-1)).toBeGreaterThan(0);
    await surefoot.upgrade();
    const journal = await surefoot.log();
    await destroy(database.url, engine);
    expect(await portrait(database.url, engine)).not.toEqual(before);

    const refused = await refusal(surefoot.restore(saved.file), 'backup/writes-since');
    expect(refused.details.reasons.join()).toMatch(/schema was changed/);
    const restored = await surefoot.restore(saved.file, { allow });
    expect(restored).toMatchObject({
      heads: ['a002'],
      rows: saved.rows,
      tables: saved.tables,
      confirmed: true,
    });
    expect(await portrait(database.url, engine)).toEqual(before);

    // The journal goes on: every entry is still there under its id, and the restore behind them.
    const after = await surefoot.log();
    expect(after.slice(0, journal.length)).toEqual(journal);
    expect(after.slice(journal.length)).toMatchObject([{ event: 'restored', data: { heads: ['a002'] } }]);
    expect((await surefoot.status()).lock).toBeNull();
    expect(await surefoot.current()).toEqual({ heads: ['a002'], pending: ['a003'] });

    // What was there before is a backup too.
    expect(restored.safetyCopy).toMatch(/_before-restore/);
    const second = await surefoot.restore(restored.safetyCopy ?? '', { allow, safetyCopy: false });
    expect(second).toMatchObject({ heads: ['a003'], safetyCopy: null });
    await surefoot.restore(saved.file, { allow, safetyCopy: false });
    expect(await portrait(database.url, engine)).toEqual(before);
    expect(await surefoot.upgrade()).toMatchObject({ failed: null, differences: [] });
    expect(await surefoot.downgrade('a002')).toMatchObject({ failed: null, differences: [] });
  });

  detail('where nothing was written since, no agreement is needed; one changed row needs it', async () => {
    const { file } = await surefoot.backup();
    expect(await surefoot.restore(file)).toMatchObject({ writes: [] });
    const again = (await surefoot.backup()).file;
    await ask(database.url, `UPDATE things SET words = 'changed' WHERE id = 2`);
    const refused = await refusal(surefoot.restore(again), 'backup/writes-since');
    expect(refused.details.reasons).toEqual([expect.stringMatching(/rows may have been changed/)]);
    expect(await ask(database.url, 'SELECT words FROM things WHERE id = 2')).toEqual([{ words: 'changed' }]);
    await surefoot.restore(again, { allow });
    expect(await ask(database.url, 'SELECT words FROM things WHERE id = 2')).toEqual([{ words: '' }]);
  });

  ofFiles('files are this user’s only, and lie where Git does not see them', async () => {
    const { file } = await surefoot.backup();
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    for (const path of [file, `${file}.json`, `${file}.sha256`])
      expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(project.folder, '.surefoot/.gitignore'), 'utf8')).toBe('*\n');
    expect(readdirSync(dirname(file)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  ofFiles('hostile file names; nothing is overwritten', async () => {
    const folder = join(project.folder, `-o'dd "f" $(x)`);
    mkdirSync(folder, { recursive: true });
    const out = join(folder, `-- it's "a" \\ b; \`c\`.x`);
    const { file } = await surefoot.backup({ out });
    expect(file).toBe(out);
    await refusal(surefoot.backup({ out }), 'backup/exists');
    expect(readdirSync(folder)).toHaveLength(3);
    expect(await surefoot.restore(file, { safetyCopy: false, allow })).toMatchObject({ confirmed: true });
  });

  ofFiles('a wrong or missing checksum, a cut or missing file: refused, nothing touched', async () => {
    const before = await portrait(database.url, engine);
    const copies = async () => (await surefoot.backup()).file;
    const refused = async (file: string, problem: RegExp) => {
      const { details } = await refusal(surefoot.restore(file, { allow }), 'backup/invalid');
      expect(details.problem).toMatch(problem);
    };
    const altered = await copies();
    const bytes = readFileSync(altered);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(altered, bytes);
    await refused(altered, /checksum is wrong/);
    const described = await copies();
    writeFileSync(`${described}.json`, readFileSync(`${described}.json`, 'utf8').replace('a002', 'a001'));
    await refused(described, /checksum is wrong/);
    const unproven = await copies();
    rmSync(`${unproven}.sha256`);
    await refused(unproven, /there is no .*sha256/);
    const gone = await copies();
    rmSync(gone);
    await refused(gone, /not there/);
    expect(await portrait(database.url, engine)).toEqual(before);
  });

  detail('while another session is connected, it is refused', async () => {
    const { file } = await surefoot.backup();
    const { database: other } = await openDatabase({ url: database.url });
    const connection = await other.connect();
    try {
      // Nobody sees who merely has a SQLite file open, unless it has a write-ahead log.
      if (engine === 'sqlite') await connection.query('BEGIN IMMEDIATE');
      const { details } = await refusal(surefoot.restore(file, { allow }), 'backup/sessions-connected');
      expect(details.sessions).toHaveLength(1);
    } finally {
      if (engine === 'sqlite') await connection.query('ROLLBACK');
      await connection.close();
      await other.close();
    }
    expect(await surefoot.restore(file, { allow })).toMatchObject({ confirmed: true });
  });

  detail(
    'a dump that cannot be loaded leaves the database as it was, or says that it is half restored',
    async () => {
      const before = await portrait(database.url, engine);
      const { file } = await surefoot.backup();
      if (engine === 'sqlite') return;
      const { createHash } = await import('node:crypto');
      const { checksumText, checksumsOf, sidecarOf } = await import('../../src/backup/sidecar.ts');
      // A dump whose checksum is right, and which the programs do not take to its end.
      const isText = file.endsWith('.sql');
      const dump = readFileSync(file);
      const broken = isText
        ? Buffer.concat([dump, Buffer.from('\nTHIS IS NO SQL;\n')])
        : dump.subarray(0, dump.length - 300);
      writeFileSync(file, broken);
      const hash = (content: Buffer) => createHash('sha256').update(content).digest('hex');
      const hashes = { dump: hash(broken), sidecar: hash(readFileSync(sidecarOf(file))) };
      writeFileSync(checksumsOf(file), checksumText(file, hashes));
      const { details } = await refusal(surefoot.restore(file, { allow }), 'backup/restore-failed');
      expect(details.state).toBe(isText ? 'half-done' : 'unchanged');
      if (!isText) expect(await portrait(database.url, engine)).toEqual(before);
      const journal = await surefoot.log();
      const { safetyCopy } = await surefoot.restore(details.safetyCopy ?? '', { allow });
      expect(await portrait(database.url, engine)).toEqual(before);
      expect((await surefoot.log()).slice(0, journal.length)).toEqual(journal);
      // What a failure left behind can be saved and had back too.
      await surefoot.restore(safetyCopy ?? '', { allow, safetyCopy: false });
      await surefoot.restore(details.safetyCopy ?? '', { allow, safetyCopy: false });
      expect(await portrait(database.url, engine)).toEqual(before);
    },
  );

  detail('upgrade --backup saves first, and only if there is something to run', async () => {
    const up = await surefoot.upgrade('heads', { backup: true });
    expect(up.backup).toMatchObject({ heads: ['a002'] });
    expect(up).toMatchObject({ failed: null, heads: ['a003'] });
    const again = await surefoot.upgrade('heads', { backup: true });
    expect(again.backup).toBeUndefined();
    await surefoot.restore(up.backup?.file ?? '', { allow });
    expect((await surefoot.current()).heads).toEqual(['a002']);
  });
});
