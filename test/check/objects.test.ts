// Drift and models, for one object of each kind: missing, extra and changed, as a real server shows it.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FindingCode } from '../../src/check/finding.ts';
import { selectedEngines } from '../servers/index.ts';
import type { RevisionText } from '../support/revisions.ts';
import { codes, objectKinds, pageOf } from './codes.ts';
import type { ObjectCase } from './object-cases.ts';
import { objectCases } from './object-cases.ts';
import { codesOf, ofCode, openWorld } from './world.ts';

const engines = selectedEngines();
const cases = objectCases.filter(({ engine }) => engines.includes(engine));
const code = (area: 'drift' | 'model', side: string, { kind }: ObjectCase) =>
  `${area}/${side}-${kind}` as FindingCode;

function revisions(one: ObjectCase): readonly [RevisionText, RevisionText, RevisionText] {
  return [
    { id: 'aaaa', up: one.base },
    { id: 'bbbb', up: one.make },
    { id: 'cccc', up: one.unmake },
  ];
}

const told = { message: expect.stringMatching(/\S/), facts: expect.anything() };

describe.each(cases)('$kind on $engine', (one) => {
  const [base, make, unmake] = revisions(one);

  test('missing: an error that names the revision which made it', async () => {
    await using world = await openWorld(one.engine, base, make);
    await world.surefoot().upgrade();
    expect(codesOf(await world.surefoot().check())).toEqual([]);
    await world.bench.run(one.drop);
    const report = await world.surefoot().check();
    const wanted = code('drift', 'missing', one);
    expect(codesOf(report)).toEqual([wanted]);
    expect(report.findings).toMatchObject([
      {
        ...told,
        code: wanted,
        severity: 'error',
        object: one.object,
        revision: 'bbbb',
        cure: 'surefoot repair',
      },
    ]);
    expect(report.findings[0]?.facts).toMatchObject({ expected: expect.any(String), found: null });
    expect(report.findings.map(({ message, facts }) => ({ message, facts }))).toMatchSnapshot();
    await world.surefoot().repair();
    expect(codesOf(await world.surefoot().check())).toEqual([]);
  });

  test.runIf(one.change)('changed: an error that shows both sides', async () => {
    await using world = await openWorld(one.engine, base, make);
    await world.surefoot().upgrade();
    await world.bench.run(one.change ?? '');
    const report = await world.surefoot().check();
    const wanted = code('drift', 'changed', one);
    expect(codesOf(report)).toEqual([wanted]);
    expect(report.findings).toMatchObject([
      {
        ...told,
        code: wanted,
        severity: 'error',
        object: one.object,
        revision: 'bbbb',
        cure: 'surefoot repair',
      },
    ]);
    const { expected, found } = report.findings[0]?.facts ?? {};
    expect([typeof expected, typeof found]).toEqual(['string', 'string']);
    expect(found).not.toBe(expected);
    expect(report.findings.map(({ message, facts }) => ({ message, facts }))).toMatchSnapshot();
  });

  test('extra: an error where history dropped it', async () => {
    await using world = await openWorld(one.engine, base, make, unmake);
    await world.surefoot().upgrade();
    await world.bench.run(one.create);
    const report = await world.surefoot().check();
    const wanted = code('drift', 'extra', one);
    expect(codesOf(report)).toEqual([wanted]);
    expect(report.findings).toMatchObject([
      { ...told, code: wanted, severity: 'error', object: one.object, revision: 'cccc' },
    ]);
    expect(report.findings[0]?.cure).toContain('surefoot repair');
    expect(report.findings[0]?.facts).toMatchObject({ expected: null, found: expect.any(String) });
  });

  test('extra: a warning where history never named it, or will make it', async () => {
    await using world = await openWorld(one.engine, base);
    await world.surefoot().upgrade();
    await world.bench.run(one.create);
    const wanted = code('drift', 'extra', one);
    const never = await world.surefoot().check();
    if (one.foreign === false) expect(codesOf(never)).toEqual([]);
    else {
      expect(never.findings).toMatchObject([
        { code: wanted, severity: 'warning', object: one.object, revision: null },
      ]);
      expect(never.findings[0]?.cure).toContain('--adopt');
    }
    world.project.write(make);
    const ahead = await world.surefoot().check();
    expect(codesOf(ahead)).toEqual(['history/pending', wanted]);
    expect(ofCode(ahead, wanted)).toMatchObject([
      { severity: 'warning', object: one.object, revision: 'bbbb', cure: 'surefoot upgrade' },
    ]);
  });

  test('models and history apart: an error for each side', async () => {
    await using world = await openWorld(one.engine, base, make);
    await world.surefoot().upgrade();
    const check = (inside: string) => world.surefoot({ models: world.model(inside) }).check();
    const cure = expect.stringContaining('surefoot revision --autogenerate');
    if (one.kind !== 'namespace' && one.engine + one.kind !== 'postgres18view')
      expect(codesOf(await check(one.with))).toEqual([]);
    const extra = await check(one.without);
    expect(extra.findings).toMatchObject([
      {
        ...told,
        code: code('model', 'extra', one),
        severity: 'error',
        object: one.object,
        revision: 'bbbb',
        cure,
      },
    ]);
    if (one.changed !== null) {
      const changed = await check(one.changed);
      expect(changed.findings).toMatchObject([
        { ...told, code: code('model', 'changed', one), severity: 'error', object: one.object, cure },
      ]);
    }
  });

  test('models ahead of history: an error', async () => {
    await using world = await openWorld(one.engine, base);
    await world.surefoot().upgrade();
    const report = await world.surefoot({ models: world.model(one.with) }).check();
    const [first] = ofCode(report, code('model', 'missing', one));
    expect(first).toMatchObject({ ...told, severity: 'error', object: one.object, revision: null });
  });
});

test.runIf(engines.includes('sqlite'))('a view that is gone stands for its triggers', async () => {
  const trigger = 'CREATE TRIGGER tr_seen INSTEAD OF INSERT ON seen BEGIN SELECT 1; END';
  await using world = await openWorld('sqlite', {
    id: 'aaaa',
    up: `op.createTable('user', { id: t.integer().primaryKey() });
      op.createView('seen', 'SELECT id FROM user');
      op.createTrigger('seen', 'tr_seen', '${trigger}');`,
  });
  await world.surefoot().upgrade();
  expect(codesOf(await world.surefoot().check())).toEqual([]);
  await world.bench.run('DROP VIEW seen');
  expect(codesOf(await world.surefoot().check())).toEqual(['drift/missing-view']);
  await world.surefoot().repair();
  expect(codesOf(await world.surefoot().check())).toEqual([]);
});

test('there is a case for every kind of object', () => {
  expect([...new Set(objectCases.map(({ kind }) => kind))].sort()).toEqual([...objectKinds].sort());
  expect(objectKinds.length).toBe(11);
});

test('there is a page for every code, and no other', () => {
  const folder = join(import.meta.dirname, '../../docs/findings');
  const pages = readdirSync(folder).filter((file) => file !== 'README.md');
  expect(pages.sort()).toEqual([...new Set(codes.map(pageOf))].sort());
  expect(codes.length).toBeGreaterThan(70);
});
