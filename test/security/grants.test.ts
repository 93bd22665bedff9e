// What docs/security.md says that each account needs: it suffices, and without any part of it something is refused.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verbs } from '../../src/cli/verbs.ts';
import type { Surefoot } from '../../src/library/api.ts';
import { assertReady } from '../../src/library/assert-ready.ts';
import { toolFolder } from '../backup/support.ts';
import { type Engine, selectedEngines } from '../servers/index.ts';
import { share } from '../support/share.ts';
import { type Grant, type Role, type RoleName, roles } from './roles.ts';
import { grantsOf, newWorld, type World } from './world.ts';

const tried = share<readonly Engine[]>(
  ['postgres18', 'postgres14', 'mysql9', 'mariadb'],
  ['postgres18', 'mariadb'],
);
const engines = selectedEngines().filter((engine) => tried.includes(engine));

interface Asked {
  readonly surefoot: Surefoot;
  readonly url: string;
  readonly world: World;
}

/** What each role does, each of its verbs; the first that goes wrong is thrown. */
const works: Readonly<Record<RoleName, (asked: Asked) => Promise<void>>> = {
  async application({ surefoot, url, world }) {
    await assertReady({ url, projectFolder: world.project.folder, timeoutMs: 1000 });
    expect((await surefoot.current()).pending).toEqual([]);
  },
  async reader({ surefoot, world }) {
    const { findings } = await surefoot.check();
    // A server of an older version than PGlite spells views and routines only for those who may make them.
    const proven = findings.filter(({ code }) => world.engine !== 'postgres14' || code !== 'drift/unproven');
    expect(proven.map(({ code }) => code)).toEqual(['history/pending']);
    expect((await surefoot.plan('heads')).steps).toHaveLength(1);
    expect((await surefoot.log()).length).toBeGreaterThan(0);
    expect((await surefoot.status()).pending).toEqual(['cccc3333']);
    expect(await surefoot.history({ database: true })).toHaveLength(3);
    expect(await surefoot.dump()).toMatch(/TRIGGER/);
    await surefoot.report();
    await surefoot.stats();
    await surefoot.lint();
  },
  async backup({ surefoot, world }) {
    const file = join(world.project.folder, 'saved');
    await surefoot.backup({ out: file });
    for (const end of ['', '.json', '.sha256']) await rm(file + end);
  },
  async deployer({ surefoot }) {
    expect(await surefoot.upgrade()).toMatchObject({ failed: null, differences: [] });
    expect((await surefoot.check()).findings).toEqual([]);
    expect(await surefoot.downgrade('-2')).toMatchObject({ failed: null, differences: [] });
    expect(await surefoot.upgrade('+1')).toMatchObject({ failed: null, differences: [] });
    await surefoot.stamp(['bbbb2222']);
    expect((await surefoot.repair({ backup: false })).failed).toBeNull();
    expect(await surefoot.downgrade('base')).toMatchObject({ failed: null, differences: [] });
    expect((await surefoot.kept()).kept.length).toBeGreaterThan(0);
    expect((await surefoot.kept({ drop: 'all' })).kept).toEqual([]);
    await surefoot.unlock();
  },
};

/** Where the database stands before a role works on it. */
const standing: Readonly<Record<RoleName, string | null>> = {
  application: 'heads',
  reader: 'bbbb2222',
  backup: 'bbbb2222',
  deployer: null,
};

async function prepare(engine: Engine, { name }: Role): Promise<World> {
  const world = await newWorld(engine);
  const target = standing[name];
  if (target !== null) await world.project.surefoot({ url: world.url }).upgrade(target);
  return world;
}

async function work(world: World, role: Role, grants: readonly Grant[]): Promise<void> {
  const account = await world.account(grants);
  try {
    const clientTools = await toolFolder(world.engine);
    const surefoot = world.project.surefoot({ url: account.url, clientTools, env: process.env });
    await works[role.name]({ surefoot, url: account.url, world });
  } finally {
    await account.gone();
  }
}

describe.each(engines)('%s', (engine) => {
  describe.each(roles)('$name', (role) => {
    let world: World;
    beforeAll(async () => {
      world = await prepare(engine, role);
    });
    afterAll(() => world.close());

    const grants = grantsOf(role, engine);
    const missed = grants.filter(({ felt }) => felt === undefined || felt.includes(engine));

    test('what it is granted suffices', () => work(world, role, grants));

    test.each(share(missed, missed.slice(-1)))('does not do without $sql', async (grant) => {
      const less = grants.filter((one) => one !== grant);
      // A run that is cut short leaves something behind.
      const own = role.name === 'deployer' ? await prepare(engine, role) : world;
      try {
        await expect(work(own, role, less)).rejects.toThrow();
      } finally {
        if (own !== world) await own.close();
      }
    });
  });
});

/** What only reads and writes files, or needs a server for throw-away databases and no more. */
const withoutDatabase = [
  'branches',
  'completion',
  'edit',
  'heads',
  'import',
  'init',
  'merge',
  'rehearse',
  'revision',
  'show',
  'squash',
];
/** Many databases at once, each with the account that its own verb needs. */
const many = ['fleet'];
/** The owner of everything, and nobody in a pipeline. */
const ofTheOwner = ['push', 'reset', 'restore'];

test("every verb is somebody's", () => {
  const named = [...roles.flatMap((role) => role.verbs), ...withoutDatabase, ...many, ...ofTheOwner];
  expect(verbs.map(({ name }) => name).filter((name) => !named.includes(name))).toEqual([]);
});
