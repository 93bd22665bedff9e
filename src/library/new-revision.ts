// Where a new revision belongs in the graph. In: what is wanted of it. Out: its header and folder, or a refusal.
// Must not know what the revision does.

import { access } from 'node:fs/promises';
import { isAbsolute, relative, resolve as resolvePath } from 'node:path';
import { now } from '../kernel/clock.ts';
import { SurefootError } from '../kernel/errors.ts';
import { errorCode } from '../kernel/import-package.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { buildGraph } from '../revisions/graph.ts';
import { idPattern, reservedWords, shownFile } from '../revisions/header.ts';
import { resolve } from '../revisions/identifiers.ts';
import { openHeads } from '../revisions/phases.ts';
import type { NewHeader } from '../revisions/render.ts';
import type { RevisionHeader } from '../revisions/revision.ts';
import { scanHeaders } from '../revisions/scan.ts';
import { newRevisionId, revisionFileName } from '../revisions/write.ts';

/** Where revisions are kept: absolute paths. */
export interface Home {
  readonly projectFolder: string;
  readonly migrations: readonly string[];
}

/** What the new revision is to be, and where. */
export interface Placement {
  readonly message: string;
  readonly revises: readonly string[];
  readonly branchLabels: readonly string[];
  readonly dependsOn: readonly string[];
  readonly id: string | undefined;
  readonly format: 'ts' | 'sql';
  /** One of the config's; without it the folder of the parent. */
  readonly folder: string | undefined;
}

/** A place that the graph has for it. */
export interface Placed {
  readonly header: NewHeader & Required<Pick<NewHeader, 'branchLabels' | 'dependsOn'>>;
  readonly folder: string;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return false;
    throw error;
  }
}

/** Those of the folders that are there: the first revision makes its own. */
export async function existing(folders: readonly string[]): Promise<readonly string[]> {
  const there = await Promise.all(folders.map(isThere));
  return folders.filter((_, i) => there[i]);
}

/** The graph as far as its folders are there. */
export async function graphToExtend(migrations: readonly string[]): Promise<RevisionGraph> {
  return buildGraph(await scanHeaders(await existing(migrations)));
}

/** The parents that identifiers stand for. Each must be a head, unless the chain is to fork there. */
export function parentsOf(
  graph: RevisionGraph,
  identifiers: readonly string[],
  { splice }: { readonly splice: boolean },
): readonly string[] {
  const ids = identifiers.flatMap((one) => resolve(one, graph, { current: null, purpose: 'show' }));
  const inside = splice
    ? undefined
    : ids.find((id) => !graph.heads.includes(id) && !openHeads(graph).includes(id));
  if (inside === undefined) return [...new Set(ids)];
  throw new SurefootError('revision/not-a-head', `${inside} is no head: other revisions revise it`, {
    details: { revision: inside },
    hint: `Say --splice to fork the chain there, or put it on a head: ${graph.heads.join(', ')}.`,
  });
}

/** The parent of a revision that names none: the only head. */
export function onlyHead(graph: RevisionGraph): readonly string[] {
  const heads = openHeads(graph);
  if (heads.length < 2) return heads;
  throw new SurefootError('revision/multiple-heads', `there are several heads: ${heads.join(', ')}`, {
    details: { heads },
    hint: 'Choose one with --head, or join them first with `surefoot merge heads -m "…"`.',
  });
}

function refuseId(graph: RevisionGraph, id: string): void {
  const taken = graph.nodes.get(id)?.header.file;
  if (taken !== undefined) {
    throw new SurefootError(
      'revision/duplicate-id',
      `there is a revision ${id} already: ${shownFile(taken)}`,
      {
        details: { revision: id, files: [taken] },
        hint: 'Choose another --rev-id, or leave it out.',
      },
    );
  }
  const problem = reservedWords.has(id) ? 'is a reserved word' : 'is no id of a revision';
  if (idPattern.test(id) && !reservedWords.has(id)) return;
  throw new SurefootError('identifier/invalid', `${JSON.stringify(id)} ${problem}`, {
    details: { identifier: id },
    hint: 'An id has 1 to 255 letters, digits, underscores and dots, and is not head, heads, base or current.',
  });
}

function refuseLabels(graph: RevisionGraph, labels: readonly string[]): void {
  for (const label of labels) {
    const holder = graph.labels.get(label);
    if (holder !== undefined) {
      throw new SurefootError(
        'revision/duplicate-label',
        `revision ${holder} has the branch label ${label} already`,
        {
          details: { label, revisions: [holder] },
          hint: 'Choose another label. Revisions above that one belong to its branch without a label of their own.',
        },
      );
    }
    if (/^[\p{L}\p{N}_.-]{1,255}$/u.test(label) && !reservedWords.has(label)) continue;
    throw new SurefootError('identifier/invalid', `${JSON.stringify(label)} is no label of a branch`, {
      details: { identifier: label },
      hint: 'A label has 1 to 255 letters, digits, underscores, dots and dashes, and is not head, heads, base or current.',
    });
  }
}

/** A label stays a label, since it may move on; anything else becomes a full id. */
export function dependenciesOf(graph: RevisionGraph, identifiers: readonly string[]): readonly string[] {
  const names = identifiers.flatMap((one) =>
    graph.labels.has(one) ? [one] : resolve(one, graph, { current: null, purpose: 'show' }),
  );
  return [...new Set(names)];
}

function folderFor(graph: RevisionGraph, home: Home, wanted: Placement): string {
  const { migrations, projectFolder } = home;
  if (wanted.folder !== undefined) {
    const folder = resolvePath(projectFolder, wanted.folder);
    if (migrations.includes(folder)) return folder;
    throw new SurefootError(
      'usage/invalid',
      `--folder: ${wanted.folder} is none of the folders of the config`,
      { details: { argument: wanted.folder }, hint: `They are: ${migrations.join(', ')}.` },
    );
  }
  const parent = graph.nodes.get(wanted.revises[0] ?? '')?.header.file;
  const own = migrations.find((folder) => parent !== undefined && isBelow(folder, parent));
  return own ?? migrations[0] ?? resolvePath(projectFolder, 'migrations');
}

function isBelow(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return !path.startsWith('..') && !isAbsolute(path);
}

/** Refuses what the graph would refuse afterwards. */
function refuseBroken(graph: RevisionGraph, header: NewHeader, file: string): void {
  const { branchLabels = [], dependsOn = [] } = header;
  const added: RevisionHeader = {
    ...{ safety: false, replaces: [], file, kind: 'ts', transaction: 'auto' },
    ...{ ...header, branchLabels, dependsOn },
  };
  buildGraph([...[...graph.nodes.values()].map((node) => node.header), added]);
}

/** Gives the revision an id, a time and a folder; refuses what the graph would refuse afterwards. */
export function placeRevision(graph: RevisionGraph, home: Home, wanted: Placement): Placed {
  const id = wanted.id ?? newRevisionId();
  refuseId(graph, id);
  refuseLabels(graph, wanted.branchLabels);
  const { message, revises, branchLabels, dependsOn, format } = wanted;
  const createdAt = `${new Date(now()).toISOString().slice(0, 19)}Z`;
  const header = { id, revises, message, createdAt, branchLabels, dependsOn };
  const folder = folderFor(graph, home, wanted);
  refuseBroken(graph, header, resolvePath(folder, revisionFileName(header, format)));
  return { header, folder };
}
