// Flyway: `V<version>__<name>.sql`, `U…` for the way back, `R__…` run again and again, `B…` for new databases.
// In: its files and its table. Out: ForeignTool. Must not know how revisions are written.

import { basename, dirname, join } from 'node:path';
import type { Row } from '../../dialect/connection.ts';
import { textOf } from '../../dialect/rows.ts';
import { findFolder, namesIn } from '../find-folder.ts';
import { momentOf, readTable } from '../read-table.ts';
import type { ForeignText } from '../read-text.ts';
import { readForeignText } from '../read-text.ts';
import { quotedName } from '../sql-name.ts';
import { sqlBody, troublesIn } from '../sql-revision.ts';
import type {
  ForeignEntry,
  ForeignHistory,
  ForeignLedger,
  ForeignMigration,
  ForeignTool,
  LedgerMeans,
  ReadMeans,
} from '../tool.ts';
import { flywayChecksum } from './checksum.ts';
import type { FlywayConfig } from './config.ts';
import { readConfig } from './config.ts';
import type { FlywayFile } from './files.ts';
import { compareVersions, fileOf, plainVersion } from './files.ts';
import { fillPlaceholders } from './placeholders.ts';

const usualFolders = ['src/main/resources/db/migration', 'db/migration', 'sql', 'migrations'];

interface Named extends FlywayFile {
  readonly path: string;
}

interface FileMeans extends ReadMeans {
  readonly config: FlywayConfig;
}

const remark = ({ odd }: ForeignText) => (odd === null ? [] : [{ line: 1, reason: odd }]);

/** `V1__x.sql.conf` beside a file says whether it runs in a transaction. */
async function runsApart(path: string): Promise<boolean> {
  const inside = await namesIn(dirname(path));
  if (!inside?.includes(`${basename(path)}.conf`)) return false;
  return /^\s*executeInTransaction\s*=\s*false/m.test((await readForeignText(`${path}.conf`)).text);
}

async function migrationOf(
  file: Named,
  undo: Named | undefined,
  means: FileMeans,
): Promise<ForeignMigration> {
  const read = await readForeignText(file.path);
  const back = undo && (await readForeignText(undo.path));
  const up = fillPlaceholders(read.text, means.config);
  const down = back && fillPlaceholders(back.text, means.config);
  const unfilled = [...up.unfilled, ...(down?.unfilled ?? [])].map(({ name, line }) => ({
    line,
    reason: `the placeholder \${${name}} has no value in the config: write it in`,
  }));
  const troubles = [...unfilled, ...troublesIn({ text: up.text, line: 1 }, means.dialect)];
  return {
    name: file.version,
    fileName: basename(file.path, '.sql'),
    message: file.description,
    createdAt: null,
    file: file.path,
    status: troubles.length > 0 ? 'none' : 'full',
    remainders: [...remark(read), ...troubles],
    body: sqlBody({
      upgrade: { text: up.text, line: 1 },
      downgrade: down ? { text: down.text, line: 1 } : null,
      irreversible: 'there is no undo migration',
      transaction: (await runsApart(file.path)) ? 'none' : 'auto',
      dialect: means.dialect,
    }),
    checksums: [flywayChecksum(read.text)],
  };
}

/** A baseline takes the place of the versions up to it, where their files are gone. */
function chosen(files: readonly Named[]): {
  readonly run: readonly Named[];
  readonly notes: readonly string[];
} {
  const versioned = files.filter(({ kind }) => kind === 'versioned');
  const notes: string[] = [];
  const baselines = files
    .filter(({ kind }) => kind === 'baseline')
    .filter(({ version, path }) => {
      const replaced = versioned.some((one) => compareVersions(one.version, version) <= 0);
      if (replaced)
        notes.push(`${basename(path)} is left out: the versions that it stands for are here themselves.`);
      return !replaced;
    });
  const run = [...versioned, ...baselines].sort((a, b) => compareVersions(a.version, b.version));
  return { run, notes };
}

function twiceIn(files: readonly Named[]) {
  const seen = new Map<string, Named>();
  return files.flatMap((file) => {
    const key = `${file.kind} ${file.version}`;
    const first = seen.get(key);
    seen.set(key, first ?? file);
    return first === undefined || file.kind === 'repeatable'
      ? []
      : [{ file: file.path, reason: `version ${file.version} has another file, too: Flyway refuses that` }];
  });
}

const repeatNote = ({ path }: Named) =>
  `${basename(path)} runs again whenever it changes, which no revision does: it is not taken over. Write its statements into the revisions that change them (operations for views, routines and triggers look before they act).`;

async function read(path: string, means: ReadMeans): Promise<ForeignHistory | null> {
  const config = await readConfig(means);
  const usual = [...config.locations, ...usualFolders];
  const found = await findFolder(path, usual, (names) => names.some((name) => fileOf(name) !== null));
  if (found === null) return null;
  const files = found.names.flatMap((name): readonly Named[] => {
    const file = fileOf(name);
    return file === null ? [] : [{ ...file, path: join(found.folder, name) }];
  });
  const twice = twiceIn(files);
  const single = files.filter(({ path: one }) => !twice.some(({ file }) => file === one));
  const { run, notes } = chosen(single);
  const undoOf = (version: string) => single.find((one) => one.kind === 'undo' && one.version === version);
  const migrations = await Promise.all(
    run.map((file) => migrationOf(file, undoOf(file.version), { ...means, config })),
  );
  const java = found.names.filter((name) => /^[VUR].*__.*\.(?:java|class|kt)$/.test(name));
  return {
    migrations,
    folder: found.folder,
    unread: [
      ...twice,
      ...java.map((name) => ({
        file: join(found.folder, name),
        reason: 'it is a program for the Java runtime',
      })),
    ],
    notes: [...notes, ...single.filter(({ kind }) => kind === 'repeatable').map(repeatNote)],
    dialect: means.dialect,
    tables: [config.table],
  };
}

const isTrue = (row: Row): boolean =>
  ['true', 't', '1'].includes((textOf(row, 'success') ?? '').toLowerCase());

function entryOf(row: Row): ForeignEntry {
  const who = textOf(row, 'installed_by');
  const isOk = isTrue(row);
  const script = textOf(row, 'script') ?? '';
  const kind = textOf(row, 'type') ?? '';
  return {
    name: plainVersion(textOf(row, 'version') ?? ''),
    state: isOk ? 'applied' : 'failed',
    at: momentOf(row, 'installed_on'),
    detail: isOk ? (who === null ? null : `by ${who}`) : script,
    checksum: /BASELINE|JDBC|SPRING/.test(kind) ? null : textOf(row, 'checksum'),
  };
}

/** A baseline says that all versions up to it are there. */
function belowBaseline(entry: ForeignEntry, history: ForeignHistory): readonly ForeignEntry[] {
  return history.migrations
    .filter(({ name }) => compareVersions(name, entry.name) <= 0)
    .map(({ name }) => ({ ...entry, name, detail: `below the baseline ${entry.name}`, checksum: null }));
}

/** One row after the other: what is undone is applied no more. */
function lastWords(rows: readonly Row[], history: ForeignHistory): readonly ForeignEntry[] {
  const entries = new Map<string, ForeignEntry>();
  for (const row of rows) {
    const kind = textOf(row, 'type') ?? '';
    const entry = entryOf(row);
    if (/^UNDO/.test(kind) && entry.state === 'applied') entries.delete(entry.name);
    else if (/BASELINE$/.test(kind))
      for (const one of belowBaseline(entry, history)) entries.set(one.name, one);
    else if (kind !== 'SCHEMA' && kind !== 'DELETE' && textOf(row, 'version') !== null)
      entries.set(entry.name, entry);
  }
  return [...entries.values()];
}

async function ledger({
  connection,
  dialect,
  history,
  projectFolder,
  env,
}: LedgerMeans): Promise<ForeignLedger | null> {
  const { table } = await readConfig({ projectFolder, env });
  const quoted = [
    'installed_rank',
    'version',
    'type',
    'script',
    'checksum',
    'installed_by',
    'installed_on',
    'success',
  ]
    .map((one) => dialect.quote(one))
    .join(', ');
  const rows = await readTable(
    connection,
    `SELECT ${quoted} FROM ${quotedName(table, dialect)} ORDER BY ${dialect.quote('installed_rank')}`,
  );
  if (rows === null) return null;
  const repeated = new Set(
    rows
      .filter((row) => textOf(row, 'version') === null && !/SCHEMA/.test(textOf(row, 'type') ?? ''))
      .map((row) => textOf(row, 'script') ?? ''),
  );
  return {
    table,
    entries: lastWords(rows, history),
    notes: [...repeated].map((script) => `${script} ran, and is not taken over: it is repeatable.`),
  };
}

/** The tool, as imports know all tools. */
export const flyway: ForeignTool = { name: 'flyway', title: 'Flyway', read, ledger };
