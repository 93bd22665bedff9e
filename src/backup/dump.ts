// Saves a server's database with its makers' program.
// In: a session, tools. Out: the file, its checksum, what it holds. Must not know how it is restored.

import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Connection } from '../dialect/connection.ts';
import type { RowCounter, SharedSnapshot } from '../dialect/native-backup.ts';
import { textOf } from '../dialect/rows.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { Place } from './place.ts';
import type { Contents } from './sidecar.ts';
import type { Saved, Subject } from './subject.ts';
import type { Tools } from './workbench.ts';
import { atWorkbench } from './workbench.ts';

/** Does work inside of a snapshot that another session can share. */
async function inSnapshot<T>(
  connection: Connection,
  snapshot: SharedSnapshot | null,
  work: (name: string | null) => Promise<T>,
): Promise<T> {
  if (snapshot === null) return await work(null);
  await connection.query(snapshot.begin);
  try {
    return await work(textOf((await connection.query(snapshot.share)).rows[0], 'snapshot'));
  } finally {
    await connection.query('ROLLBACK');
  }
}

interface Writing {
  readonly tools: Tools;
  readonly snapshot: string | null;
  readonly counter: RowCounter | null;
  readonly onBytes: (bytes: number) => void;
}

function wroteNothing(program: string): SurefootError {
  return new SurefootError('backup/tool-failed', `${program} ended without a word`, {
    details: { tool: program, exitCode: 0, output: '' },
    hint: 'Nothing was saved. Run it by hand to see what becomes of its output.',
  });
}

/** Runs the program; what it writes is hashed and counted on its way into the file. */
async function writeDump(file: string, { tools, snapshot, counter, onBytes }: Writing) {
  return await atWorkbench(tools, async ({ request, start }) => {
    const child = start(tools.toolbox.dumper, tools.family.dumpArguments({ ...request, snapshot }));
    child.stdin.end();
    const handle = await open(file, 'w', 0o600);
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      for await (const piece of child.stdout) {
        const chunk = piece as Buffer;
        hash.update(chunk);
        counter?.read(chunk);
        await handle.writeFile(chunk);
        bytes += chunk.length;
        onBytes(bytes);
      }
      await child.ended;
      if (bytes === 0) throw wroteNothing(tools.toolbox.dumper);
    } finally {
      child.kill();
      await handle.close();
    }
    return { checksum: hash.digest('hex'), bytes };
  });
}

/** Where the dump was counted: a table without a row in it has none. */
function withCounts(contents: Contents, counter: RowCounter | null): Contents {
  if (counter === null) return contents;
  const counts = counter.counts();
  const rows = contents.schema.tables.map(({ namespace, name }) => ({
    table: { namespace, name },
    rows: counts.get(name) ?? 0,
  }));
  return { ...contents, rows };
}

/** Saves the database into the file, and tells what it holds: rows and schema of one and the same moment. */
export async function dumpInto(subject: Subject, { partial }: Place, tools: Tools): Promise<Saved> {
  const { connection, names, look, onProgress } = subject;
  const { family, toolbox } = tools;
  // Before the dump: what is written in between looks like a later write, never the other way round.
  const mark = await family.mark(connection, names);
  const inventory = await family.inventory(connection);
  const counter = family.counter?.() ?? null;
  const onBytes = (done: number) => onProgress({ stage: 'saving', unit: 'bytes', done, total: null });
  return await inSnapshot(connection, family.snapshot, async (snapshot) => {
    const contents = await look(connection, { countsRows: counter === null });
    const written = await writeDump(partial, { tools, snapshot, counter, onBytes });
    return { ...written, contents: withCounts(contents, counter), tool: toolbox.title, inventory, mark };
  });
}
