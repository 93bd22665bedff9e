// In: how many targets. Out: fleets upgraded in the process and by workers that are killed; counts written to docs/proof.md.
// Must not know: how a fleet is scheduled.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import type { FleetConfig } from '../src/config/define-config.ts';
import type { FleetSummary } from '../src/fleet/summary.ts';
import { createFleet } from '../src/library/fleet.ts';
import { type AwayOptions, queueAway } from '../test/fleet/away.ts';
import { fileFleet, fleetRevisions, journalOf, withQueuePackages } from '../test/fleet/support.ts';
import { borrowServers, freshDatabase, privateServer } from '../test/servers/index.ts';
import type { TestProject } from '../test/support/revisions.ts';
import { testProject } from '../test/support/revisions.ts';

const usage = `Usage: npm run fleets [-- [away | memory] [--files N] [--schemas N]]

Fleets brought to head, each target checked by its own journal: SQLite files and PostgreSQL schemas, in the process, and
through Redis by one, two and four workers, and by four of which two are killed. With the usual counts (1,000 and 200) the
figures are written to docs/proof.md.

  away      instead: Redis goes away in the middle, and comes back with and without its data, or does not
  memory    instead: the most memory that an upgrade of 1,000 targets needs, and one of 10,000`;

const page = join(import.meta.dirname, '../docs/proof.md');
const bin = join(import.meta.dirname, '../src/cli/bin.ts');
const expected = fleetRevisions.map(({ id }) => id).join(' ');

/** A fleet of one kind, and how each of its targets is looked at from outside. */
interface Subject {
  readonly name: string;
  readonly project: TestProject;
  readonly url?: string;
  readonly fleet: FleetConfig;
  /** Of each target the revisions that were moved, in order, with the recorded one. */
  readonly journals: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

async function fileSubject(count: number): Promise<Subject> {
  const project = fileFleet(count);
  return {
    name: `${count.toLocaleString('en')} SQLite files`,
    project,
    fleet: { file: 'targets.txt' },
    journals: async () =>
      project.files.map((file) => {
        const { moved, heads } = journalOf(file);
        return heads.length === 1 && heads[0] === moved.at(-1) ? moved.join(' ') : 'another head';
      }),
    close: async () => project[Symbol.dispose](),
  };
}

async function schemaSubject(count: number): Promise<Subject> {
  const project = testProject(...fleetRevisions);
  const { url, drop } = await freshDatabase('postgres18');
  const client = new Client({ connectionString: url });
  await client.connect();
  const names = Array.from({ length: count }, (_, i) => `tenant_${i}`);
  for (const name of names) await client.query(`CREATE SCHEMA ${name}`);
  const journalIn = async (name: string) => {
    const { rows } = await client.query<{ moved: string | null; heads: string | null }>(
      `SELECT (SELECT string_agg(revision, ' ' ORDER BY id) FROM ${name}.surefoot_journal WHERE event = 'moved') AS moved,
        (SELECT string_agg(v.version_num, ' ') FROM ${name}.surefoot_version v) AS heads`,
    );
    const [row] = rows;
    return row?.heads === row?.moved?.split(' ').at(-1) ? String(row?.moved) : 'another head';
  };
  return {
    name: `${count} PostgreSQL schemas`,
    project,
    url,
    fleet: { schemas: 'tenant\\_%' },
    journals: async () => {
      const all: string[] = [];
      for (const name of names) all.push(await journalIn(name));
      return all;
    },
    close: async () => {
      await client.end();
      await drop();
      project[Symbol.dispose]();
    },
  };
}

interface Way {
  readonly workers: number;
  readonly killed: number;
}

function startWorker(folder: string, queue: string): ChildProcess {
  const args = [bin, 'fleet', 'worker', '--queue', queue, '--concurrency', '4'];
  return spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** The start of a process is not what is measured. */
async function listening(child: ChildProcess): Promise<void> {
  for await (const text of child.stderr?.iterator({ destroyOnReturn: false }) ?? [])
    if (String(text).includes('Listening')) break;
  child.stderr?.resume();
}

const ended = (child: ChildProcess): Promise<unknown> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('close', resolve));

/** Kills the first workers on the way: after a quarter of the targets, after a half. */
function killing(workers: readonly ChildProcess[], total: number, killed: number): () => void {
  let done = 0;
  const at = Array.from({ length: killed }, (_, i) => Math.floor((total * (i + 1)) / 4));
  return () => {
    done += 1;
    const index = at.indexOf(done);
    if (index >= 0) workers[index]?.kill('SIGKILL');
  };
}

async function upgradeByWorkers(
  { project, url, fleet }: Subject,
  { workers: count, killed }: Way,
): Promise<FleetSummary> {
  await withQueuePackages(project);
  const redis = await privateServer('redis');
  const config = { ...fleet, queue: redis.url, concurrency: 16, perServer: 16 };
  await writeFile(join(project.folder, 'surefoot.config.json'), JSON.stringify({ url, fleet: config }));
  const workers = Array.from({ length: count }, () => startWorker(project.folder, redis.url));
  let onResult = () => {};
  try {
    await Promise.all(workers.map(listening));
    return await createFleet({ projectFolder: project.folder, url, fleet: config }).upgrade({
      onBegin: (total) => {
        onResult = killing(workers, total, killed);
      },
      onResult: () => onResult(),
    });
  } finally {
    for (const worker of workers) worker.kill('SIGINT');
    await Promise.all(workers.map(ended));
    await redis.stop();
  }
}

async function upgradeHere({ project, url, fleet }: Subject): Promise<FleetSummary> {
  return await createFleet({ projectFolder: project.folder, url, fleet }).upgrade();
}

/** One row: how many are at head by their own journal, each revision moved exactly once. */
async function measure(
  make: () => Promise<Subject>,
  way: Way | null,
): Promise<readonly [row: string, well: boolean]> {
  const subject = await make();
  try {
    const summary = way === null ? await upgradeHere(subject) : await upgradeByWorkers(subject, way);
    const journals = await subject.journals();
    const right = journals.filter((journal) => journal === expected).length;
    const { done, current, failed } = summary.targets;
    const where =
      way === null ? 'in the process' : `${way.workers} ${way.workers === 1 ? 'worker' : 'workers'}`;
    const killed = way === null || way.killed === 0 ? '' : `${way.killed}`;
    const cells = [
      subject.name,
      where,
      killed,
      right,
      done,
      current,
      failed,
      `${(summary.ms / 1000).toFixed(1)} s`,
    ];
    const row = `| ${cells.join(' | ')} |`;
    console.log(row);
    for (const { code, count, message } of summary.failures)
      console.error(`  ${code} × ${count}: ${message}`);
    return [row, right === journals.length && failed === 0];
  } finally {
    await subject.close();
  }
}

/** Replaces what stands between two marks of the page. */
async function write(mark: string, lines: readonly string[]): Promise<void> {
  const place = new RegExp(`(<!-- ${mark} -->\\n)[\\s\\S]*?(<!-- /${mark} -->)`);
  const old = await readFile(page, 'utf8');
  await writeFile(
    page,
    old.replace(place, (_, open, close) => `${open}\n${lines.join('\n')}\n\n${close}`),
  );
}

const head = [
  '| fleet | who | killed | each revision once, at head | upgraded | nothing to do | failed | time |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
];

const goings: readonly AwayOptions[] = [
  { going: 'kill', keeps: true, backAfterMs: 5000, targets: 20 },
  { going: 'kill', keeps: false, backAfterMs: 5000, targets: 20 },
  { going: 'shutdown', keeps: true, backAfterMs: 5000, targets: 20 },
  { going: 'shutdown', keeps: false, backAfterMs: 5000, targets: 20 },
  { going: 'kill', keeps: false, backAfterMs: null, targets: 20 },
];

async function away(): Promise<number> {
  const rows: string[] = [];
  let broken = 0;
  for (const asked of goings) {
    const { upgrade, retry, journals, expected } = await queueAway(asked);
    const right = journals.filter((journal) => journal === expected).length;
    const codes = retry === null ? `${upgrade.code}` : `${upgrade.code}; retry: ${retry.code}`;
    const cells = [
      asked.going === 'kill' ? 'killed' : 'shut down',
      asked.backAfterMs === null ? 'after everybody gave up' : `after ${asked.backAfterMs / 1000} s`,
      asked.keeps ? 'yes' : 'no',
      codes,
      `${right} of ${asked.targets}`,
    ];
    rows.push(`| ${cells.join(' | ')} |`);
    console.log(rows.at(-1));
    const wanted = asked.backAfterMs === null ? '2; retry: 0' : '0';
    if (right !== asked.targets || codes !== wanted) broken += 1;
  }
  const titles =
    '| Redis | back | with its data | exit code | each revision once, at head |\n| --- | --- | --- | --- | --- |';
  await write('away', [titles, ...rows]);
  return broken === 0 ? 0 : 1;
}

/** The most memory that a process had in use, in megabytes; it writes it down as it ends. */
async function peakOf(count: number): Promise<{ readonly peakMb: number; readonly ms: number }> {
  using project = fileFleet(count);
  const begun = performance.now();
  const program = spawn(
    process.execPath,
    [
      '--import',
      join(import.meta.dirname, '../test/fleet/peak.ts'),
      bin,
      'fleet',
      'upgrade',
      '--targets',
      'targets.txt',
    ],
    { cwd: project.folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await ended(program);
  const peak = /^peak (\d+)$/m.exec(said)?.[1];
  if (program.exitCode !== 0 || peak === undefined) throw new Error(`it failed: ${said}`);
  return { peakMb: Number(peak) / 1024, ms: performance.now() - begun };
}

async function memory(): Promise<number> {
  const rows: string[] = [];
  const peaks: number[] = [];
  for (const count of [1000, 10_000]) {
    const { peakMb, ms } = await peakOf(count);
    peaks.push(peakMb);
    rows.push(`| ${count.toLocaleString('en')} | ${peakMb.toFixed(0)} MB | ${(ms / 1000).toFixed(0)} s |`);
    console.log(rows.at(-1));
  }
  await write('memory', ['| targets | most memory | time |\n| --- | --- | --- |', ...rows]);
  // Ten times as many targets: whatever was kept of each would show.
  const [small = 0, large = 0] = peaks;
  return large < small * 1.5 ? 0 : 1;
}

const ways: readonly (Way | null)[] = [
  null,
  { workers: 1, killed: 0 },
  { workers: 2, killed: 0 },
  { workers: 4, killed: 0 },
  { workers: 4, killed: 2 },
];

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      files: { type: 'string', default: '1000' },
      schemas: { type: 'string', default: '200' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [files, schemas] = [Number(values.files), Number(values.schemas)];
  // A thousand files are about the tool, not about the disk.
  if (existsSync('/dev/shm')) process.env['TMPDIR'] = '/dev/shm';
  if (positionals[0] === 'away') return await away();
  if (positionals[0] === 'memory') return await memory();
  const borrowed = await borrowServers(['postgres18']);
  const rows: string[] = [];
  let isWell = true;
  try {
    for (const make of [() => fileSubject(files), () => schemaSubject(schemas)]) {
      for (const way of ways) {
        const [row, well] = await measure(make, way);
        rows.push(row);
        isWell &&= well;
      }
    }
  } finally {
    await borrowed.release();
  }
  if (files === 1000 && schemas === 200) await write('fleets', [...head, ...rows]);
  return isWell ? 0 : 1;
}

process.exitCode = await main();
