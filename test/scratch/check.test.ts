import { expect, test } from 'vitest';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { familyOf, histories, onDatabase, writeSql } from './histories.ts';

test.each(selectedEngines())(
  '%s: check tells what hands changed of raw SQL, and nothing before',
  async (engine) => {
    const database = await freshDatabase(engine);
    const history = histories[familyOf(engine)];
    using project = testProject();
    writeSql(project, history.revisions);
    const surefoot = project.surefoot({ url: database.url });
    await surefoot.upgrade();
    const calm = await surefoot.check();
    expect(calm.findings.filter(({ code }) => /^(?:drift|history\/edited)/.test(code))).toEqual([]);
    await onDatabase(database.url, async (connection) => {
      for (const sql of [...history.changeView, ...history.dropColumn]) await connection.query(sql);
    });
    const { findings } = await surefoot.check();
    const drift = findings.filter(({ code }) => code.startsWith('drift/'));
    expect(drift.map(({ code, revision }) => [code, revision]).sort()).toEqual([
      ['drift/changed-view', 'aaa2'],
      ['drift/missing-column', 'aaa3'],
    ]);
    await database.drop();
  },
);
