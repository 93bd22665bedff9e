// Revisions as verbs show them. In: the graph. Out: entries, views, text. Must not know databases.

import type { HistoryEntry } from '../library/api.ts';
import type { RevisionGraph, RevisionNode } from '../revisions/graph.ts';
import { oneLine } from './text/clean.ts';
import { drawGraph } from './text/graph.ts';
import type { Look } from './text/look.ts';
import { shorten, table } from './text/table.ts';

/** What is asked of a database about revisions; `null`: none was asked. */
export interface Recorded {
  readonly heads: readonly string[];
  readonly pending: ReadonlySet<string>;
}

/** A revision among its neighbours, as people see it. */
export interface RevisionView extends HistoryEntry {
  readonly children: readonly string[];
  readonly file: string;
  readonly notes: readonly string[];
}

function entryOf({ header }: RevisionNode, recorded: Recorded | null): HistoryEntry {
  const { id, revises, message, createdAt, branchLabels, dependsOn } = header;
  const applied = recorded === null ? null : !recorded.pending.has(id);
  return { id, revises, message, createdAt, branchLabels, dependsOn, applied };
}

/** Revisions as history shows them to programs. */
export function entriesOf(
  graph: RevisionGraph,
  ids: readonly string[],
  recorded: Recorded | null = null,
): readonly HistoryEntry[] {
  return ids.flatMap((id) => {
    const node = graph.nodes.get(id);
    return node === undefined ? [] : [entryOf(node, recorded)];
  });
}

/** The same, as people see them. */
export function viewsOf(
  graph: RevisionGraph,
  ids: readonly string[],
  recorded: Recorded | null = null,
): readonly RevisionView[] {
  return ids.flatMap((id) => {
    const node = graph.nodes.get(id);
    if (node === undefined) return [];
    const { children, header } = node;
    const notes = notesOf(graph, node, recorded?.heads ?? []);
    return [{ ...entryOf(node, recorded), children, file: header.file, notes }];
  });
}

/** What is special about a revision. */
function notesOf(graph: RevisionGraph, node: RevisionNode, current: readonly string[]): readonly string[] {
  const { id, branchLabels, safety } = node.header;
  return [
    ...(current.includes(id) ? ['current'] : []),
    ...(graph.heads.includes(id) ? ['head'] : []),
    ...(node.children.length > 1 ? ['branch point'] : []),
    ...(node.revises.length > 1 ? ['merge'] : []),
    ...(safety ? ['safety'] : []),
    ...branchLabels.map((label) => `label ${label}`),
    ...(node.dependsOn.length > 0 ? [`needs ${node.dependsOn.join(', ')}`] : []),
  ];
}

function appliedSign(applied: boolean | null, look: Look): string {
  if (applied === null) return ' ';
  return applied ? look.good('●') : look.dim('○');
}

/** A message as a cell of a table. */
export function messageCell(message: string, look: Look): string {
  return look.isTty ? shorten(oneLine(message), 60) : oneLine(message);
}

/** One line for each revision. */
export function revisionTable(views: readonly RevisionView[], look: Look): string {
  const rows = views.map((view) => [
    `${appliedSign(view.applied, look)} ${look.id(view.id)}`,
    view.revises.join(', ') || look.dim('base'),
    view.createdAt?.slice(0, 10) ?? '',
    messageCell(view.message, look),
    look.warn(view.notes.join(', ')),
  ]);
  return table(['  revision', 'revises', 'created', 'message', ''], rows, look);
}

/** All that the head of a revision says, line by line. */
export function revisionBlock(view: RevisionView, look: Look): string {
  const rows: readonly (readonly [string, string])[] = [
    ['revises', view.revises.join(', ') || 'base'],
    ['children', view.children.join(', ')],
    ['depends on', view.dependsOn.join(', ')],
    ['labels', view.branchLabels.join(', ')],
    ['created', view.createdAt ?? ''],
    ['applied', view.applied === null ? '' : view.applied ? 'yes' : 'no'],
    ['file', view.file],
  ];
  const notes = view.notes.filter((note) => !/^(label|needs) /.test(note));
  const title = look.title(look.id(view.id)) + (notes.length > 0 ? look.warn(` (${notes.join(', ')})`) : '');
  const message = view.message.split('\n').map((line) => `  ${line}`.trimEnd());
  const lines = rows
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `  ${look.dim(name.padEnd(11))}${text}`);
  return [title, ...message, ...lines].join('\n');
}

/** Revisions, one line each, or all about them. */
export function revisionList(
  views: readonly RevisionView[],
  look: Look,
  { isVerbose, none }: { readonly isVerbose: boolean; readonly none: string },
): string {
  if (views.length === 0) return none;
  return isVerbose ? views.map((view) => revisionBlock(view, look)).join('\n\n') : revisionTable(views, look);
}

/** The revisions as a drawing: lines lead from each to those that it revises. */
export function revisionGraphText(views: readonly RevisionView[], look: Look): string {
  const shown = new Set(views.map(({ id }) => id));
  const rows = drawGraph(
    views.map(({ id, revises }) => ({ id, parents: revises.filter((parent) => shown.has(parent)) })),
  );
  const width = Math.max(0, ...rows.map(({ beside }) => beside.before.length + 2 + beside.after.length));
  return views
    .flatMap((view, i) => {
      const row = rows[i];
      if (row === undefined) return [];
      const { before, after } = row.beside;
      const sign = view.applied === null ? '*' : appliedSign(view.applied, look);
      const space = ' '.repeat(Math.max(0, width - before.length - 2 - after.length));
      const notes = view.notes.length === 0 ? '' : look.warn(` (${view.notes.join(', ')})`);
      const line = `${look.dim(before)}${sign} ${look.dim(after)}${space} ${look.id(view.id)}  ${messageCell(view.message, look)}${notes}`;
      return [...row.above.map(look.dim), line, ...row.below.map(look.dim)];
    })
    .join('\n');
}
