// Tools whose migrations are programs: projects made with the tools themselves, applied by their own command lines to a
// real database, and taken over.

import { describe, expect, test } from 'vitest';
import { diff } from '../../src/diff/diff.ts';
import type { Surefoot } from '../../src/library/api.ts';
import { importFromTool } from '../../src/library/import-tool.ts';
import { openSession, readSchema, scopeOf } from '../../src/library/open.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { ignoring } from '../../src/schema/ignore.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { foreignTools } from '../../src/takeover/tools.ts';
import type { Engine } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { revisionText } from '../support/revisions.ts';
import { share } from '../support/share.ts';
import { knex } from './programs/knex.ts';
import { kysely } from './programs/kysely.ts';
import { mikroOrm } from './programs/mikro-orm.ts';
import type { ToolProject } from './programs/project.ts';
import { sequelize } from './programs/sequelize.ts';
import { typeorm } from './programs/typeorm.ts';
import type { ProjectAtWork } from './programs/work.ts';
import { appliedProject, familyOf } from './programs/work.ts';

const all: readonly ToolProject[] = [knex, typeorm, mikroOrm, kysely, sequelize];
const projects = share(all, [knex, typeorm, sequelize]);
const everywhere: readonly Engine[] = ['sqlite', 'postgres18', 'mariadb'];
const engines = selectedEngines().filter((engine) => share(everywhere, ['sqlite']).includes(engine));
const cases = projects.flatMap((project) =>
  engines.map((engine) => [project.tool, engine, project] as const),
);

async function importOf(work: ProjectAtWork, tool: string) {
  const found = await foreignTools[tool]?.();
  if (found === undefined) throw new Error(`there is no tool ${tool}`);
  // Where the database is, the tool's own config says; of a handle that is open only better-sqlite3 itself tells its file.
  const isHandle = tool === 'kysely' && work.url.startsWith('sqlite:');
  const options = { projectFolder: work.folder, ...(isHandle ? { url: work.url } : {}) };
  return await importFromTool({ tool: found, path: '.', options });
}

async function schemaOf(url: string, tables: readonly string[], folder: string): Promise<Schema> {
  const opened = await openSession({ url }, folder, { reading: true });
  try {
    return ignoring(tables)(await readSchema(opened, scopeOf(opened.names, [])));
  } finally {
    await opened.close();
  }
}

const pending = async (surefoot: Surefoot) => (await surefoot.plan()).steps.map(({ revision }) => revision);

describe.each(cases)('%s on %s', (_, engine, project) => {
  test('what it applied goes on under Surefoot', { timeout: 240_000 }, async () => {
    await using work = await appliedProject(project, engine);
    const imported = await importOf(work, project.tool);
    expect(imported.report.revisions.map(({ id }) => id)).toEqual(project.ids);
    expect(imported.report.revisions.flatMap(({ remainders }) => remainders)).toEqual(
      project.remainders?.(familyOf(engine)) ?? [],
    );
    expect(imported.report.totals).toMatchObject({ revisions: project.ids.length, none: 0 });
    expect(imported.applied?.problems).toEqual([]);
    expect(imported.recorded).toEqual([project.ids.at(-1)]);

    const { folder: migrations, tables } = imported;
    const own = { projectFolder: work.folder, migrations, ignore: tables };
    // Whoever has read the files goes by them: each step is a run of its own.
    const surefoot = () => createSurefoot({ ...own, url: work.url });
    expect((await surefoot().check()).findings).toEqual([]);
    expect(await pending(surefoot())).toEqual([]);

    const up = `op.createTable('added', (t) => ({ id: t.integer().primaryKey() }));`;
    work.write(
      `${migrations.slice(work.folder.length + 1)}/added.ts`,
      revisionText({ id: 'added', revises: project.ids.at(-1) ?? null, up }),
    );
    expect(await surefoot().upgrade()).toMatchObject({ failed: null });
    expect(await surefoot().downgrade('-2')).toMatchObject({ failed: null });
    await expect(surefoot().downgrade('-1')).rejects.toMatchObject({ code: 'revision/irreversible' });
    expect(await surefoot().upgrade()).toMatchObject({ failed: null });
    expect((await surefoot().check()).findings).toEqual([]);

    const fresh = await freshDatabase(engine);
    try {
      const again = createSurefoot({ ...own, url: fresh.url });
      expect(await again.upgrade()).toMatchObject({ failed: null });
      const [made, had] = await Promise.all(
        [fresh.url, work.url].map((url) => schemaOf(url, tables, work.folder)),
      );
      expect(made && had && diff(made, had).operations).toEqual([]);
    } finally {
      await fresh.drop();
    }
  });
});
