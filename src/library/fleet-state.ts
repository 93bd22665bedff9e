import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TargetResult } from '../fleet/result.ts';
import type { FleetTarget } from '../fleet/target.ts';
import { now } from '../kernel/clock.ts';
import { SurefootError } from '../kernel/errors.ts';
import { hashJson } from '../kernel/hash.ts';
import { errorCode } from '../kernel/import-package.ts';
import { linesOf } from './fleet-lines.ts';

/** The first line of a run's file: what was asked for. No URL stands in it. */
export interface FleetHeader {
  readonly run: string;
  readonly verb: string;
  readonly to: string;
  readonly at: string;
  readonly total: number;
}

/** What a run wrote down so far. */
export interface FleetRecord {
  readonly header: FleetHeader;
  /** True for a target that ended well, however often it was tried. */
  hasDone(target: FleetTarget): boolean;
}

/** The file of a run that goes on. */
export interface FleetState {
  readonly run: string;
  add(result: TargetResult, target: FleetTarget): Promise<void>;
  close(): Promise<void>;
}

const folderOf = (projectFolder: string): string => join(projectFolder, '.surefoot', 'fleet');

const fileOf = (projectFolder: string, run: string): string => join(folderOf(projectFolder), `${run}.jsonl`);

function newRun(): string {
  // To the millisecond: the newest run is the last one by name.
  const stamp = new Date(now()).toISOString().replaceAll(/\D/g, '');
  return `${stamp}-${randomBytes(3).toString('hex')}`;
}

/** The same for the same database, whatever it is called; no URL can be read from it. */
const idOf = ({ place }: FleetTarget): string => hashJson(place).slice(0, 16);

function stateIn(run: string, handle: FileHandle): FleetState {
  return {
    run,
    // Results come from many targets at once; each is one write.
    add: async (result, target) =>
      void (await handle.appendFile(`${JSON.stringify({ ...result, id: idOf(target) })}\n`)),
    close: () => handle.close(),
  };
}

/** Begins the file of a new run. */
export async function beginState(
  projectFolder: string,
  asked: Omit<FleetHeader, 'run' | 'at'>,
): Promise<FleetState> {
  const run = newRun();
  await mkdir(folderOf(projectFolder), { recursive: true });
  const handle = await open(fileOf(projectFolder, run), 'ax', 0o600);
  const header: FleetHeader = { run, at: new Date(now()).toISOString(), ...asked };
  await handle.appendFile(`${JSON.stringify(header)}\n`);
  return stateIn(run, handle);
}

/** Goes on with the file of a run. */
export async function continueState(projectFolder: string, run: string): Promise<FleetState> {
  return stateIn(run, await open(fileOf(projectFolder, run), 'a'));
}

async function runsIn(projectFolder: string): Promise<readonly string[]> {
  const names = await readdir(folderOf(projectFolder)).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  return names.flatMap((name) => (name.endsWith('.jsonl') ? [name.slice(0, -6)] : [])).sort();
}

function noRun(run: string | null, known: readonly string[]): SurefootError {
  const what = run === null ? 'no run of a fleet is written down' : `there is no run ${run} of a fleet`;
  return new SurefootError('fleet/no-run', `${what} in .surefoot/fleet`, {
    details: { run, known },
    hint:
      known.length === 0
        ? 'Begin one with `surefoot fleet upgrade`.'
        : `The newest are ${known.slice(-5).join(', ')}.`,
  });
}

/** A line that a killed process left half-written is no line. */
function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Reads what a run wrote down; without a name the newest one. */
export async function readState(projectFolder: string, named: string | undefined): Promise<FleetRecord> {
  const known = await runsIn(projectFolder);
  const run = named ?? known.at(-1);
  if (run === undefined || !known.includes(run)) throw noRun(named ?? null, known);
  let header: FleetHeader | null = null;
  // The only thing that grows with the fleet: those that need no second try.
  const done = new Set<string>();
  for await (const { text } of linesOf(fileOf(projectFolder, run))) {
    const line = parsed(text);
    if (line === null) continue;
    if (header === null) header = line as unknown as FleetHeader;
    else if (line['status'] === 'failed') done.delete(String(line['id']));
    else done.add(String(line['id']));
  }
  if (header === null) throw noRun(run, known);
  return { header, hasDone: (target) => done.has(idOf(target)) };
}
