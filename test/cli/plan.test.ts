// What a plan says of what it cannot promise.

import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { lookOf } from '../../src/cli/text/look.ts';
import { planText } from '../../src/cli/text/plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { cli } from '../support/cli.ts';
import { testProject } from '../support/revisions.ts';
import { cliProject } from './stories.ts';

const plainLook = lookOf({ hasColor: false, columns: 120, isTty: false });

test('raw SQL whose effect could not be learned: which, and why', async () => {
  using project = cliProject();
  project.writeFile(
    'migrations/20240101000001_aaaa_attach.sql',
    "-- id: aaaa\n-- message: attach\n-- upgrade\nATTACH ':memory:' AS other;\nCREATE TABLE x (id INTEGER);\n-- downgrade\nDROP TABLE x;\n",
  );
  const { code, out } = await cli(['plan'], { cwd: project.folder });
  expect(code).toBe(0);
  expect(out).toMatch(
    /\n\nNot verified: what the raw SQL of aaaa does to the schema is not known: .*it opens another database.*\.\n/,
  );
});

async function plan(): Promise<Plan> {
  using project = testProject({ id: 'aaaa', up: `op.createTable('a', { id: t.integer() });` });
  return await project.surefoot({ connection: new DatabaseSync(':memory:') }).plan();
}

test('where nothing is in doubt, nothing is said', async () => {
  expect(planText(await plan(), plainLook)).not.toMatch(/Not (verified|proven)/);
});

test('texts that nobody may compare are shown with both sides, also where nothing is to be done', async () => {
  const made = await plan();
  const unproven = [
    { kind: 'unproven', object: 'view v', expected: 'SELECT\n1', found: 'select 1', revision: 'aaaa' },
  ] as const;
  for (const steps of [made.steps, []]) {
    const text = planText({ ...made, steps, unproven }, plainLook);
    expect(text).toContain('Not proven: ');
    expect(text).toMatch(/\n {2}view v: expected SELECT.*1, found select 1/);
    expect(text).toContain('--scratch-url');
  }
});

test('what a dead run had begun, and what it had finished, are told apart', async () => {
  const made = await plan();
  const words = (['pending', 'done', 'recovered'] as const).map((standing) => {
    const steps = made.steps.map((step) => ({
      ...step,
      operations: step.operations.map((one) => ({ ...one, standing })),
    }));
    return /^ {3}(\w+ \w+) +create table/m.exec(planText({ ...made, steps }, plainLook))?.[1];
  });
  expect(words).toEqual(['will run', 'done before', 'found done']);
});
