// What revisions were found to do, for as long as their texts and all that decides it stay what they are.
// In: a project, ids, a dialect. Out: the same that loading them gives. Must not know a database, and believes nothing
// that it cannot hold against a text.

import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Dialect } from '../dialect/dialect.ts';
import { processStart } from '../kernel/clock.ts';
import { hashJson, hashText } from '../kernel/hash.ts';
import type { Operation } from '../operations/operation.ts';
import type { Downgrade, LoadedRevision } from '../revisions/load.ts';
import type { RevisionHeader } from '../revisions/revision.ts';
import { readRevisionText } from '../revisions/scan.ts';
import { isSelfContained } from '../revisions/self-contained.ts';
import { largeCache } from '../scratch/cache.ts';
import { namespacesOf, noteNamespaces } from './namespaces.ts';
import type { Project } from './project.ts';
import { toolName } from './version.ts';

/** What is kept of a revision. */
interface Known {
  readonly upgrade: readonly Operation[];
  readonly downgrade: Downgrade;
  /** The checksum of its operations. */
  readonly operations: string;
  /** The namespaces that it speaks of. */
  readonly namespaces: readonly string[];
}

type Table = Readonly<Record<string, Known>>;

interface Kept {
  /** Hash of what decides what a text means. */
  readonly of: string;
  readonly revisions: Table;
}

/** One file a flavor: a project may have several. */
const keyFor = ({ traits }: Dialect): string => `revisions-${traits.flavor}`;

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' && value !== null && 'of' in value && 'revisions' in value;

/** The two halves of a phased revision share their text. */
const keyOf = ({ contracts }: RevisionHeader, text: string): string =>
  `${contracts === undefined ? '' : 'contract '}${hashText(text)}`;

const circumstancesOf = ({ name, traits }: Dialect): string =>
  hashJson([toolName, name, traits.flavor, traits.version]);

const knownSums = new WeakMap<LoadedRevision, string>();

/** The checksum of a revision's operations, in both directions. */
export function operationsChecksum(revision: LoadedRevision): string {
  const sum = knownSums.get(revision) ?? hashJson([revision.upgrade, revision.downgrade]);
  knownSums.set(revision, sum);
  return sum;
}

/** Clocks of file systems are coarse, and may be another machine's. */
const marginMs = 2500;

/**
 * True where the file is as it was when this process began. The runtime loads a module once: of a file that was changed
 * later it may have run an earlier text.
 */
function isUnchanged({ file }: RevisionHeader, since: number): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && Math.max(found.ctimeMs, found.mtimeMs) < since - marginMs;
}

/** What can be kept of a revision; `null`: another run might say something else, or JSON would. */
function keepable(revision: LoadedRevision, since: number): Known | null {
  const { header, upgrade, downgrade, runs, text } = revision;
  if (header.kind !== 'ts' || runs.upgrade.length + runs.downgrade.length > 0) return null;
  if (!isSelfContained(text) || !isUnchanged(header, since)) return null;
  const said = { upgrade, downgrade };
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(said)), said)) return null;
  return { ...said, operations: operationsChecksum(revision), namespaces: namespacesOf(revision) };
}

function revive(header: RevisionHeader, text: string, known: Known): LoadedRevision {
  const { upgrade, downgrade, operations, namespaces } = known;
  const revision = { header, upgrade, downgrade, runs: { upgrade: [], downgrade: [] }, text };
  knownSums.set(revision, operations);
  noteNamespaces(revision, namespaces);
  return revision;
}

async function readKnown({ folder }: Project, dialect: Dialect): Promise<Table> {
  const kept = await largeCache(folder).read(keyFor(dialect));
  return isKept(kept) && kept.of === circumstancesOf(dialect) ? kept.revisions : {};
}

interface Candidate {
  readonly header: RevisionHeader;
  readonly text: string;
  readonly known: Known | undefined;
}

async function candidates(
  project: Project,
  ids: readonly string[],
  table: Table,
): Promise<readonly Candidate[]> {
  const headers = new Map((await project.headers()).map((header) => [header.id, header]));
  return ids.flatMap((id) => {
    const header = headers.get(id);
    if (header === undefined) return [];
    const text = header.kind === 'ts' ? readRevisionText(header.file) : '';
    const key = keyOf(header, text);
    return [{ header, text, known: Object.hasOwn(table, key) ? table[key] : undefined }];
  });
}

interface Circumstances {
  readonly dialect: Dialect;
  /** What was changed later is not remembered. Default: when this process began. */
  readonly since?: number;
}

/** Every revision of the project, in this order, loaded for a server: those of known text without running their files. */
export async function loadKnown(
  project: Project,
  ids: readonly string[],
  { dialect, since = processStart() }: Circumstances,
): Promise<readonly LoadedRevision[]> {
  const found = await candidates(project, ids, await readKnown(project, dialect));
  const missing = found.flatMap(({ header, known }) => (known ? [] : [header.id]));
  const loaded = new Map((await project.load(missing, dialect)).map((one) => [one.header.id, one] as const));
  const revisions = found.flatMap(({ header, text, known }) =>
    known ? [revive(header, text, known)] : (loaded.get(header.id) ?? []),
  );
  await learn(project, { dialect, since }, { found, loaded });
  return revisions;
}

interface Found {
  readonly found: readonly Candidate[];
  readonly loaded: ReadonlyMap<string, LoadedRevision>;
}

/** Keeps what is new; what belongs to no file any more is forgotten. */
async function learn(
  { folder }: Project,
  { dialect, since }: Required<Circumstances>,
  { found, loaded }: Found,
): Promise<void> {
  const entries = found.map(({ header, text, known }) => {
    const revision = loaded.get(header.id);
    return [
      keyOf(header, text),
      known ?? (revision?.text === text ? keepable(revision, since) : null),
    ] as const;
  });
  const kept = entries.flatMap(([key, known]) => (known === null ? [] : [[key, known] as const]));
  if (!found.some(({ known }, i) => known === undefined && entries[i]?.[1])) return;
  const value: Kept = { of: circumstancesOf(dialect), revisions: Object.fromEntries(kept) };
  await largeCache(folder).write(keyFor(dialect), value);
}
