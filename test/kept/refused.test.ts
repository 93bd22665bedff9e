import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';

test.runIf(selectedEngines().includes('sqlite'))(
  'what cannot be kept is named, and what is erased is gone',
  async () => {
    using project = testProject(
      {
        id: 'aaaa1111',
        up: `op.createTable('keyless', (t) => ({ a: t.integer(), b: t.integer() }));
        op.createTable('user', (t) => ({ id: t.integer().primaryKey(), phone: t.text(), note: t.text() }));
        op.createTable('large', (t) => ({ id: t.integer().primaryKey(), n: t.integer() }));`,
      },
      {
        id: 'bbbb2222',
        up: `op.dropColumn('keyless', 'b'); op.dropColumn('user', 'phone', { erase: true });
        op.dropColumn('user', 'note'); op.dropTable('large');`,
      },
    );
    const file = `${project.folder}/app.db`;
    const surefoot = project.surefoot({ url: `sqlite:${file}`, keep: { maxRows: 2 } });
    await surefoot.upgrade('aaaa1111');
    const db = new DatabaseSync(file);
    db.exec(`INSERT INTO keyless VALUES (1, 2); INSERT INTO "user" VALUES (1, '1', '2');
    INSERT INTO large VALUES (1, 1), (2, 2), (3, 3)`);
    db.close();
    const { losses } = await surefoot.plan();
    expect(losses.map(({ subject, kept, notKept }) => [subject, kept ?? notKept ?? null])).toEqual([
      ['values of keyless.b', 'the table has no key'],
      ['values of user.phone', 'the revision says erase'],
      ['values of user.note', 'surefoot_kept_1'],
      ['rows of large', 'it has more than 2 rows'],
    ]);
    let asked = 0;
    const confirm = (plan: { readonly losses: readonly { readonly kept?: string }[] }) => {
      asked = plan.losses.filter(({ kept }) => kept === undefined).length;
      return true;
    };
    expect((await surefoot.upgrade('heads', { confirm })).failed).toBeNull();
    expect(asked).toBe(3);
    expect((await surefoot.kept()).kept.map(({ object }) => object)).toEqual(['user.note']);
    await surefoot.downgrade('-1');
    const again = new DatabaseSync(file);
    expect(again.prepare('SELECT * FROM "user"').get()).toMatchObject({ id: 1, phone: null, note: '2' });
    again.close();
  },
);
