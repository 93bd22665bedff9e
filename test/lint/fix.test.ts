import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findCall } from '../../src/revisions/find-call.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { cli } from '../support/cli.ts';
import { schemaProblems } from '../support/json-schema.ts';
import type { TestProject } from '../support/revisions.ts';
import { revisionText, testProject } from '../support/revisions.ts';
import { representatives } from '../support/share.ts';

const tables = {
  id: 'aaaa1111',
  up: `op.createTable('parent', (t) => ({ id: t.integer().primaryKey() }));
    op.createTable('child', (t) => ({ id: t.integer().primaryKey(), parent: t.integer().index(), name: t.varchar(40), note: t.text() }));`,
};
const schema = fileURLToPath(new URL('../../docs/schemas/lint.schema.json', import.meta.url));
const offline = JSON.stringify({ url: 'postgres://nobody@127.0.0.1:1/none' });
const named = (project: TestProject, id: string): string =>
  readdirSync(join(project.folder, 'migrations')).find((name) => name.includes(id)) ?? '';
const textOf = (project: TestProject, id: string): string =>
  readFileSync(join(project.folder, 'migrations', named(project, id)), 'utf8');
interface Report {
  readonly findings: readonly { readonly isFixable: boolean; readonly rule: string }[];
  readonly fixes?: {
    readonly written: boolean;
    readonly knowsApplied: boolean;
    readonly fixed: readonly { readonly revision: string; readonly diff: string }[];
    readonly left: readonly { readonly revision: string; readonly why: string }[];
  };
}

/** In a process of its own: a module that was loaded once is not read again. */
async function lintIn({ folder: cwd }: TestProject, ...words: readonly string[]): Promise<Report> {
  const { out, code } = await cli(['lint', '--json', ...words], { cwd });
  const report: Report = JSON.parse(out);
  expect(schemaProblems(schema, report)).toEqual([]);
  expect([0, 1]).toContain(code);
  return report;
}

/** What a fix can cure; whether rows fit is for people to settle. */
const curable = (findings: readonly { readonly isFixable: boolean }[]) =>
  findings.filter(({ isFixable }) => isFixable);

async function fixed(up: string, more: { readonly down?: string; readonly looksAgain?: boolean } = {}) {
  const project = testProject(tables, { id: 'bbbb2222', up, ...(more.down ? { down: more.down } : {}) });
  project.writeFile('surefoot.config.json', offline);
  const report = await lintIn(project, '--fix');
  // What it says of the result is what the next run says: shown once.
  const again = more.looksAgain ? await lintIn(project) : report;
  const text = textOf(project, 'bbbb2222');
  project[Symbol.dispose]();
  return {
    report,
    again,
    text,
    body: /dialect, flavor \}\) \{\n([\s\S]*?)\n {2}\},\n/.exec(text)?.[1] ?? '',
  };
}

describe('lint --fix in TypeScript', () => {
  test('an index is built concurrently; the lines around it stay byte for byte', async () => {
    const { report, again, body } = await fixed(
      `    const n   =  1 ; // odd, and mine\n    op.createIndex("child", ['name'], { name: 'ix' }); // why\n\n\n  void n`,
      { looksAgain: true },
    );
    expect(report.fixes).toMatchObject({ written: true, knowsApplied: false, left: [] });
    expect(report.fixes?.fixed).toMatchObject([{ revision: 'bbbb2222', rules: ['pg-index-not-concurrent'] }]);
    expect(body).toBe(
      `    const n   =  1 ; // odd, and mine\n    op.createIndex('child', ['name'], { name: 'ix', concurrently: true }); // why\n\n\n  void n`,
    );
    expect(again.findings).toEqual([]);
    expect(report.findings).toEqual([]);
  });

  test('a foreign key is added unchecked, and validated', async () => {
    const { again, body } = await fixed(
      `    op.addForeignKey('child', ['parent'], { table: 'parent', columns: ['id'] });`,
    );
    expect(body).toContain('valid: false');
    expect(body).toContain(`op.validateConstraint('child', `);
    expect(curable(again.findings)).toEqual([]);
    expect(again.findings.map(({ rule }) => rule)).not.toContain('pg-fk-validating');
  });

  test('NOT NULL is proven by a check that does not lock', async () => {
    const { again, body } = await fixed(`    op.alterColumn('child', 'name', { nullable: false });`);
    expect(body.match(/op\.\w+/g)).toEqual([
      'op.addCheck',
      'op.validateConstraint',
      'op.alterColumn',
      'op.dropCheck',
    ]);
    expect(curable(again.findings)).toEqual([]);
  });

  test('hostile forms: comments in the call, many lines, several calls on a line, templates, chained builders', async () => {
    const { report, again, body } = await fixed(`    op /* the builder */ . createIndex( // )
      \`child\`, // a name: "op.createIndex('x')"
      [
        'name', /* ; } */
      ],
      { name: \`ix_\\\`\${'a' + \`\${"}"}\`}\` },
    )
    op.setColumnComment('child', 'note', "it's"); op.createIndex('child', ['note'], { name: 'one' }); op.createIndex('child', ['note', 'name'], { name: 'two', where: /x/.test('x') ? 'note is not null' : '' });
    op.addColumn('child', 'other', t
      .integer()
      .references('parent', 'id')
      .comment(\`a
    b\`));`);
    expect(report.fixes?.left).toEqual([]);
    expect(curable(again.findings)).toEqual([]);
    expect(body).toContain(
      '    /* the builder */\n    // )\n    // a name: "op.createIndex(\'x\')"\n    /* ; } */\n    op.createIndex(',
    );
    expect(body).toContain(
      `"it's"); op.createIndex('child', ['note'], { name: 'one', concurrently: true }); op.`,
    );
    expect(body).toContain('op.validateConstraint(');
  });

  test('line ends, tabs and the name of the builder are the author’s', async () => {
    using project = testProject(tables);
    project.writeFile('surefoot.config.json', offline);
    const text = revisionText({
      id: 'bbbb2222',
      revises: 'aaaa1111',
      up: `\t\to.addCheck('child', 'id > 0')\n\t\to.createIndex('child', ['name'])`,
    })
      .replace('upgrade(op,', 'upgrade(o,')
      .replaceAll('\n', '\r\n');
    project.writeFile('migrations/20250101000000_bbbb2222_x.ts', text);
    const { fixes } = await lintIn(project, '--fix');
    expect(fixes).toMatchObject({ left: [], fixed: [{ revision: 'bbbb2222' }] });
    const after = textOf(project, 'bbbb2222');
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
    expect(after).toContain(`\t\to.createIndex('child', ['name'], { concurrently: true });`);
    expect(after).toContain(`\r\n\t\to.validateConstraint('child', `);
    expect(curable((await lintIn(project)).findings)).toEqual([]);
  });

  test('an import that the new code needs is added', async () => {
    using project = testProject(tables);
    project.writeFile('surefoot.config.json', offline);
    const text = revisionText({
      id: 'bbbb2222',
      revises: 'aaaa1111',
      up: `    op.add({ kind: 'addColumn', table: { namespace: null, name: 'child' }, column: { name: 'n', type: { kind: 'integer' }, nullable: true, default: null, identity: null, generated: null, collation: null, comment: null, onUpdate: null } });
    op.alterColumn('child', 'name', { nullable: false });`,
    }).replace('{ irreversible, revision, sql, t }', '{ revision }');
    project.writeFile('migrations/20250101000000_bbbb2222_x.ts', text);
    const { fixes } = await lintIn(project, '--fix');
    expect(fixes).toMatchObject({ left: [], fixed: [{ revision: 'bbbb2222' }] });
  });

  test('a loop, a helper, values from elsewhere, a condition: named, and left as they are', async () => {
    const up = `    for (const name of ['name', 'note']) op.createIndex('child', [name], { name: \`ix_\${name}\` });
    const index = (columns: string[]) => op.createIndex('child', columns, { name: 'own' });
    index(['parent']);
    if (flavor) op.alterColumn('child', 'note', { nullable: false });`;
    const { report, body } = await fixed(up);
    expect(body).toBe(up);
    expect(report.fixes?.fixed).toEqual([]);
    const why = report.fixes?.left.map((one) => one.why) ?? [];
    expect(why.slice(0, 3)).toEqual([
      'one call makes several operations: it stands in a loop or in a helper function',
      'one call makes several operations: it stands in a loop or in a helper function',
      'the call does not say all of it: columns is defined elsewhere',
    ]);
    expect(why.at(-1)).toContain('no statement of its own');
    expect(curable(report.findings)).toHaveLength(4);
  });

  test('a comment that silences the rule silences its fix', async () => {
    const up = `    // surefoot-ignore pg-index-not-concurrent: at night
    op.createIndex('child', ['name']);`;
    const { report, body } = await fixed(up);
    expect(body).toBe(up);
    expect(report.fixes).toMatchObject({ fixed: [], left: [] });
  });

  test('a downgrade by hand stays where it still undoes the upgrade', async () => {
    const down = `op.dropIndex('child', 'ix');`;
    const { report, text } = await fixed(`    op.createIndex('child', ['name'], { name: 'ix' });`, { down });
    expect(report.fixes?.fixed).toHaveLength(1);
    expect(text).toContain(down);
  });

  test('a preview writes nothing', async () => {
    using project = testProject(tables, { id: 'bbbb2222', up: `    op.createIndex('child', ['name']);` });
    project.writeFile('surefoot.config.json', offline);
    const before = textOf(project, 'bbbb2222');
    const { fixes } = await lintIn(project, '--fix', '--dry-run');
    expect(fixes?.written).toBe(false);
    expect(fixes?.fixed[0]?.diff).toContain(
      `-    op.createIndex('child', ['name']);\n+    op.createIndex('child', ['name'], { concurrently: true });`,
    );
    expect(textOf(project, 'bbbb2222')).toBe(before);
    expect(readdirSync(join(project.folder, 'migrations'))).toHaveLength(2);
  });
});

describe('findCall', () => {
  const at = (text: string, needle: string) => {
    const before = text.slice(0, text.indexOf(needle)).split('\n');
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  };
  test.each([
    ['if (x)\n op.a(1);', false],
    ['else\n op.a(1);', false],
    ['f(1)\n op.a(1)\n g()', true],
    ['f(1)\n op.a(1)\n [1].map(f)', false],
    ['f(1)\n op.a(1)\n .b()', false],
    ['x = op.a(1);', false],
    ['{ op.a(1) }', true],
    ['op.a(1), op.b(2);', false],
  ])('%j is a statement: %s', (text, isStatement) => {
    expect(findCall(text, at(text, 'a(1'))).toMatchObject({ isStatement });
  });

  test.each(['this.op.a(1)', 'op?.a(1)', 'a(1)', 'op["a"](1)', '// op.a(1)', '"op.a(1)"'])(
    '%j is not found',
    (text) => {
      expect(findCall(text, at(text, 'a'))).toBeNull();
    },
  );
});

const engines = representatives(selectedEngines()).filter((engine) => engine.startsWith('postgres'));

describe.each(engines)('lint --fix on %s', (engine) => {
  test('what it wrote goes up and down to the same schemas; applied revisions are left alone', async () => {
    const database = await freshDatabase(engine);
    const up = `    op.createIndex('child', ['name'], { name: 'ix' });
    op.addForeignKey('child', ['parent'], { table: 'parent', columns: ['id'], name: 'fk' });
    op.addCheck('child', 'id > 0', { name: 'ck' });
    op.alterColumn('child', 'note', { nullable: false });`;
    using project = testProject(
      tables,
      { id: 'bbbb2222', up },
      { id: 'cccc3333', up: `    op.dropIndex('child', 'ix');` },
    );
    const { url } = database;
    const { folder: cwd } = project;
    const run = async (...words: readonly string[]) => {
      const said = await cli([...words, '--url', url], { cwd });
      expect(said).toMatchObject({ code: 0 });
      return said.out;
    };
    const lintHere = () => lintIn(project, '--fix', '--url', url, '--stats', 'stats.json');
    project.writeFile('stats.json', JSON.stringify({ format: 1, takenAt: '', product: '', tables: [] }));
    await run('upgrade', 'aaaa1111');
    const dumps = [await run('dump')];
    await run('upgrade');
    dumps.push(await run('dump'));
    const taken = await lintHere();
    expect(taken.fixes).toMatchObject({ knowsApplied: true, fixed: [] });
    expect(new Set(taken.fixes?.left.map(({ why }) => why))).toEqual(
      new Set(['the database has the revision already (--force rewrites it all the same)']),
    );
    await run('downgrade', 'aaaa1111', '--yes');
    const { fixes } = await lintHere();
    expect(fixes?.fixed.map(({ revision }) => revision)).toEqual(['bbbb2222', 'cccc3333']);
    expect(fixes?.left).toEqual([]);
    expect(curable((await lintIn(project, '--url', url, '--stats', 'stats.json')).findings)).toEqual([]);
    await run('upgrade');
    expect(await run('dump')).toBe(dumps[1]);
    await run('downgrade', 'aaaa1111', '--yes');
    expect(await run('dump')).toBe(dumps[0]);
    await run('upgrade');
    await database.drop();
  }, 300_000);

  test('SQL: a statement that says one known thing is said otherwise; the others are left', async () => {
    const database = await freshDatabase(engine);
    using project = testProject(tables);
    const file = (id: string, revises: string, sql: string) =>
      project.writeFile(
        `migrations/20250101_${id}_x.sql`,
        `-- id: ${id}\n-- revises: ${revises}\n-- message: x\n\n-- upgrade\n-- why; not\n${sql}\n\n-- downgrade\nDROP INDEX IF EXISTS ix;\n`,
      );
    file('bbbb2222', 'aaaa1111', 'create  index ix on child (name);');
    file('cccc3333', 'bbbb2222', 'CREATE INDEX iy ON child (name) WITH (fillfactor = 70);');
    file(
      'dddd4444',
      'cccc3333',
      `COMMENT ON TABLE child IS 'CREATE INDEX';\nCREATE INDEX iz ON child (note);`,
    );
    const { url } = database;
    project.writeFile('stats.json', JSON.stringify({ format: 1, takenAt: '', product: '', tables: [] }));
    await project.surefoot({ url }).upgrade('aaaa1111');
    const before = textOf(project, 'bbbb2222');
    const { fixes, findings } = await lintIn(project, '--fix', '--url', url, '--stats', 'stats.json');
    expect({ fixed: fixes?.fixed.map(({ revision }) => revision), findings }).toMatchObject({
      fixed: ['bbbb2222'],
    });
    expect(fixes?.left.map(({ revision, why }) => [revision, why.slice(0, 30)])).toEqual([
      ['cccc3333', 'the statement may say more tha'],
      ['dddd4444', 'it must run outside a transact'],
    ]);
    expect(textOf(project, 'bbbb2222')).toBe(
      before
        .replace('-- message: x\n', '-- message: x\n-- transaction: none\n')
        .replace('create  index ix on child (name)', 'CREATE INDEX CONCURRENTLY "ix" ON "child" ("name")'),
    );
    expect(await project.surefoot({ url }).upgrade()).toMatchObject({ failed: null, differences: [] });
    await database.drop();
  }, 300_000);
});
