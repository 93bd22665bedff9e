// Writes a revision file where it belongs in the graph. In: what is wanted. Out: the file. Must not know databases.

import { isAbsolute, relative, resolve as resolvePath } from 'node:path';
import type { Config } from '../config/load-config.ts';
import { now } from '../kernel/clock.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { buildGraph } from '../revisions/graph.ts';
import { idPattern, reservedWords, shownFile } from '../revisions/header.ts';
import { resolve } from '../revisions/identifiers.ts';
import type { NewHeader } from '../revisions/render.ts';
import type { RevisionHeader } from '../revisions/revision.ts';
import { scanHeaders } from '../revisions/scan.ts';
import { newRevisionId, revisionFileName, writeRevision } from '../revisions/write.ts';
import { usageError } from './args/usage.ts';
import type { Answer } from './command.ts';
import { answer } from './command.ts';
import { isThere } from './files.ts';

/** What the new revision is to be. */
export interface Wanted {
  readonly message: string;
  readonly revises: readonly string[];
  readonly branchLabels: readonly string[];
  readonly dependsOn: readonly string[];
  readonly id: string | undefined;
  readonly format: 'ts' | 'sql';
  /** One of the config's; without it the folder of the parent. */
  readonly folder: string | undefined;
  /** Code of the upgrade; '': none. */
  readonly code: string;
}

/** The graph as far as its folders are there: the first revision makes its own. */
export async function graphToExtend({ migrations }: Config): Promise<RevisionGraph> {
  const there = await Promise.all(migrations.map(isThere));
  return buildGraph(await scanHeaders(migrations.filter((_, i) => there[i])));
}

/** The parents that identifiers stand for. Each must be a head, unless the chain is to fork there. */
export function parentsOf(
  graph: RevisionGraph,
  identifiers: readonly string[],
  { splice }: { readonly splice: boolean },
): readonly string[] {
  const ids = identifiers.flatMap((one) => resolve(one, graph, { current: null, purpose: 'show' }));
  const inside = splice ? undefined : ids.find((id) => !graph.heads.includes(id));
  if (inside === undefined) return [...new Set(ids)];
  throw new SurefootError('revision/not-a-head', `${inside} is no head: other revisions revise it`, {
    details: { revision: inside },
    hint: `Say --splice to fork the chain there, or put it on a head: ${graph.heads.join(', ')}.`,
  });
}

/** The parent of a revision that names none: the only head. */
export function onlyHead(graph: RevisionGraph): readonly string[] {
  const { heads } = graph;
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

function folderFor(graph: RevisionGraph, config: Config, wanted: Wanted): string {
  const { migrations, projectFolder } = config;
  if (wanted.folder !== undefined) {
    const folder = resolvePath(projectFolder, wanted.folder);
    if (migrations.includes(folder)) return folder;
    throw usageError(
      `--folder: ${wanted.folder} is none of the folders of the config`,
      wanted.folder,
      `They are: ${migrations.join(', ')}.`,
    );
  }
  const parent = graph.nodes.get(wanted.revises[0] ?? '')?.header.file;
  const home = migrations.find((folder) => parent !== undefined && isBelow(folder, parent));
  return home ?? migrations[0] ?? resolvePath(projectFolder, 'migrations');
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

/** Writes the revision, and answers with what was written. */
export async function writeNew(graph: RevisionGraph, config: Config, wanted: Wanted): Promise<Answer> {
  const id = wanted.id ?? newRevisionId();
  refuseId(graph, id);
  refuseLabels(graph, wanted.branchLabels);
  const { message, revises, branchLabels, dependsOn, format } = wanted;
  const createdAt = `${new Date(now()).toISOString().slice(0, 19)}Z`;
  const header: NewHeader = { id, revises, message, createdAt, branchLabels, dependsOn };
  const folder = folderFor(graph, config, wanted);
  refuseBroken(graph, header, resolvePath(folder, revisionFileName(header, format)));
  const written = await writeRevision(
    format === 'sql'
      ? { folder, header, format }
      : { folder, header, format, body: { upgrade: wanted.code, downgrade: 'auto' } },
  );
  return answer({
    data: { id, revises, message, createdAt, branchLabels, dependsOn, file: written.file },
    text: (shown, look) =>
      [
        `${look.good('Wrote')} ${relative(config.projectFolder, shown.file) || shown.file}`,
        `  ${look.dim('revision')} ${look.id(shown.id)}`,
        `  ${look.dim('revises ')} ${shown.revises.join(', ') || 'base'}`,
      ].join('\n'),
  });
}
