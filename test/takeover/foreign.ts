// Projects of other tools for tests. In: files, SQL of the tool's own. Out: an import, and Surefoot on what it wrote.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Surefoot } from '../../src/library/api.ts';
import type { ToolImport, ToolImportChoices } from '../../src/library/import-tool.ts';
import { importFromTool } from '../../src/library/import-tool.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { foreignTools } from '../../src/takeover/tools.ts';

export interface ForeignProject {
  readonly folder: string;
  readonly database: DatabaseSync;
  write(name: string, content: string | Uint8Array): void;
  read(name: string): string;
  import(tool: string, choices?: Partial<ToolImportChoices>): Promise<ToolImport>;
  surefoot(found: ToolImport): Surefoot;
  [Symbol.dispose](): void;
}

/** A project with these files, and a database of SQLite in memory with what the tool did to it. */
export function foreignProject(
  files: Readonly<Record<string, string | Uint8Array>>,
  sql = '',
): ForeignProject {
  const folder = mkdtempSync(join(tmpdir(), 'surefoot-foreign-'));
  const database = new DatabaseSync(':memory:');
  const write: ForeignProject['write'] = (name, content) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  if (sql !== '') database.exec(sql);
  return {
    folder,
    database,
    write,
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    import: async (tool, choices = {}) => {
      const load = foreignTools[tool];
      if (load === undefined) throw new Error(`there is no tool ${tool}`);
      const options = { projectFolder: folder, connection: database };
      return await importFromTool({ tool: await load(), path: '.', options, ...choices });
    },
    surefoot: (found) =>
      createSurefoot({
        connection: database,
        projectFolder: folder,
        migrations: found.folder,
        ignore: found.tables,
      }),
    [Symbol.dispose]: () => {
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
