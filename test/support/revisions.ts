// Projects for tests: revision files written to a temporary folder, and Surefoot on them.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Surefoot, SurefootOptions } from '../../src/library/api.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';

export interface RevisionText {
  readonly id: string;
  readonly revises?: string | readonly string[] | null;
  readonly message?: string;
  /** Lines of `upgrade(op)`. */
  readonly up: string;
  /** Lines of `downgrade(op)`, or a whole member; default `'auto'`. */
  readonly down?: string;
  /** Further members, as text. */
  readonly more?: string;
}

/** The text of a TypeScript revision. */
export function revisionText(given: RevisionText): string {
  const way = given.down === undefined ? `'auto'` : `(op) => {\n${given.down}\n}`;
  // A further member may be the way back.
  const down = given.more?.trimStart().startsWith('downgrade:') === true ? '' : `downgrade: ${way},`;
  return `import { irreversible, revision, sql, t } from 'surefoot';

export default revision({
  id: ${JSON.stringify(given.id)},
  revises: ${JSON.stringify(given.revises ?? null)},
  message: ${JSON.stringify(given.message ?? `revision ${given.id}`)},
  ${given.more ?? ''}
  upgrade(op, { dialect, flavor }) {
${given.up}
  },
  ${down}
});
`;
}

export interface TestProject {
  readonly folder: string;
  /** Writes revisions, each revising the one before it unless it says otherwise. */
  write(...revisions: readonly RevisionText[]): void;
  writeFile(name: string, text: string): void;
  remove(name: string): void;
  surefoot(options: SurefootOptions): Surefoot;
  [Symbol.dispose](): void;
}

export function testProject(...revisions: readonly RevisionText[]): TestProject {
  const folder = mkdtempSync(join(tmpdir(), 'surefoot-test-'));
  const migrations = join(folder, 'migrations');
  mkdirSync(migrations);
  let last: string | null = null;
  let count = 0;
  const project: TestProject = {
    folder,
    write: (...more) => {
      for (const one of more) {
        count += 1;
        const revises = one.revises === undefined ? last : one.revises;
        const name = `${String(20240101000000 + count)}_${one.id}_x.ts`;
        project.writeFile(`migrations/${name}`, revisionText({ ...one, revises }));
        last = one.id;
      }
    },
    writeFile: (name, text) => writeFileSync(join(folder, name), text),
    remove: (name) => rmSync(join(folder, name)),
    surefoot: (options) => createSurefoot({ projectFolder: folder, ...options }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
  project.write(...revisions);
  return project;
}
