// A project on a real database, for tests of checks. In: an engine, revisions. Out: both, and Surefoot on them.

import type { CheckReport, Finding, FindingCode } from '../../src/check/finding.ts';
import type { Surefoot, SurefootOptions } from '../../src/library/api.ts';
import type { Bench } from '../matrix/bench.ts';
import { openBench } from '../matrix/bench.ts';
import type { Engine } from '../servers/index.ts';
import type { RevisionText, TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';

export interface World {
  readonly project: TestProject;
  readonly bench: Bench;
  /** With `options` besides the database. */
  surefoot(options?: SurefootOptions): Surefoot;
  /** Writes models, given as the inside of `defineSchema`; gives the file, a new one each time: modules are loaded once. */
  model(inside: string): string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A fresh project with these revisions, on a fresh database. */
export async function openWorld(engine: Engine, ...revisions: readonly RevisionText[]): Promise<World> {
  const bench = await openBench(engine);
  const project = testProject(...revisions);
  let count = 0;
  return {
    project,
    bench,
    surefoot: (options = {}) => project.surefoot({ ...bench.target, ...options }),
    model: (inside) => {
      count += 1;
      const text = `import { defineSchema, table } from 'surefoot';\nexport default defineSchema({ ${inside} });\n`;
      project.writeFile(`schema${count}.ts`, text);
      return `./schema${count}.ts`;
    },
    [Symbol.asyncDispose]: async () => {
      project[Symbol.dispose]();
      await bench.close();
    },
  };
}

/** The findings of a code. */
export const ofCode = ({ findings }: CheckReport, code: FindingCode): readonly Finding[] =>
  findings.filter((one) => one.code === code);

export const codesOf = ({ findings }: CheckReport): readonly FindingCode[] =>
  findings.map(({ code }) => code);
