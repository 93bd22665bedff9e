// Operations as the code of a revision: what a reviewer reads.
// In: completed operations, the schema before them. Out: statements on `op`, and the names to import.
// Must not know files, dialects or servers. What it writes is proven: the builder, handed the code, records the same
// operations; what no method can say exactly stands there as data.

import { applyAll } from '../operations/apply.ts';
import type { Operation, OperationKind, OperationOf } from '../operations/operation.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { openDraft } from '../schema/draft.ts';
import type { Schema } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';
import type { Expression } from './code/expression.ts';
import { importsOf, json } from './code/expression.ts';
import { layOut } from './code/layout.ts';
import { commentLines } from './code/literals.ts';
import type { Surroundings } from './gather-parts.ts';
import { gatherParts } from './gather-parts.ts';
import { says } from './prove.ts';
import { sayColumn, sayName } from './say-column.ts';
import { onBuilder, sayAsData, sayOperation } from './say-operation.ts';

/** A remark for the reader, above an operation; `null`: above all of them. */
export interface RevisionComment {
  readonly operation: number | null;
  readonly text: string;
}

export interface RenderOptions {
  /** The schema before the operations: their sides that it fills are not written. */
  readonly before: Schema;
  readonly comments?: readonly RevisionComment[];
  /** Of the lines, before they are indented. */
  readonly width?: number;
}

/** Code of a function of a revision, without indentation. */
export interface RenderedOperations {
  /** Names to import from the package. */
  readonly imports: readonly string[];
  /** '': nothing to do. */
  readonly body: string;
}

const usualWidth = 96;

/** A call, and the positions of the operations that it says. */
interface Statement {
  readonly code: Expression;
  readonly positions: readonly number[];
}

function columnCall(added: OperationOf<'addColumn'>, group: readonly Operation[]): Expression {
  const one = <K extends OperationKind>(kind: K) =>
    group.find((each): each is Extract<Operation, { readonly kind: K }> => each.kind === kind);
  const column = sayColumn(added.column, {
    primaryKey: one('addPrimaryKey')?.primaryKey,
    unique: one('addUnique')?.unique,
    index: one('createIndex')?.index,
    check: one('addCheck')?.check,
    foreignKey: one('addForeignKey')?.foreignKey,
  });
  return onBuilder('addColumn', sayName(added.table), json(added.column.name), column);
}

const lineOf = (code: Expression, width: number): string =>
  `${layOut(code, { width, indent: 0, before: 0, behind: 1 })};`;

/** What takes most room on its own comes first. */
const foldedFirst: readonly OperationKind[] = ['addForeignKey', 'addCheck', 'addUnique', 'createIndex'];

/** A new column with its own parts in one call, as many of them as fit on its line. */
function columnStatement(position: number, around: Surroundings, width: number): Statement | null {
  const { operations, draft } = around;
  const added = operations[position];
  if (added?.kind !== 'addColumn') return null;
  const parts = gatherParts(position, added, around);
  const room = (at: number) => foldedFirst.indexOf(operations[at]?.kind ?? 'addColumn');
  let best: Statement | null = null;
  for (const part of parts.toSorted((a, b) => room(a) - room(b))) {
    const chosen: ReadonlySet<number> = new Set([...(best?.positions ?? []), part]);
    const positions: readonly number[] = [position, ...parts.filter((at) => chosen.has(at))];
    const group = positions.flatMap((at) => operations[at] ?? []);
    const code = columnCall(added, group);
    if (!lineOf(code, width).includes('\n') && says(code, group, draft)) best = { code, positions };
  }
  return best;
}

function plainStatement(operation: Operation, position: number, draft: SchemaDraft): Statement {
  const code = sayOperation(operation);
  return { code: says(code, [operation], draft) ? code : sayAsData(operation), positions: [position] };
}

function statementsOf(operations: readonly Operation[], before: Schema, width: number): readonly Statement[] {
  const draft = openDraft(before);
  const taken = new Set<number>();
  return operations.flatMap((operation, position) => {
    if (taken.has(position)) return [];
    const statement =
      columnStatement(position, { operations, draft, taken }, width) ??
      plainStatement(operation, position, draft);
    for (const at of statement.positions) taken.add(at);
    applyAll(
      draft,
      statement.positions.flatMap((at) => operations[at] ?? []),
    );
    return [statement];
  });
}

/** What an operation is about, for the reader's eye: its table. */
function subjectOf(operation: Operation | undefined): string | null {
  if (operation === undefined) return null;
  if ('table' in operation) return refKey(operation.table);
  return operation.kind === 'createTrigger' ? refKey(operation.trigger.table) : null;
}

interface Paragraph {
  readonly text: string;
  readonly kind: string | undefined;
  readonly subject: string | null;
  /** False: it stands alone, between blank lines. */
  readonly joins: boolean;
}

/** One line each, about one table, or of one kind: they stand together. */
function belongTogether(a: Paragraph, b: Paragraph): boolean {
  const isRelated = a.kind === b.kind || (a.subject !== null && a.subject === b.subject);
  return a.joins && b.joins && isRelated;
}

function toParagraph(
  { code, positions }: Statement,
  operations: readonly Operation[],
  { comments = [], width = usualWidth }: RenderOptions,
): Paragraph {
  const first = operations[positions[0] ?? -1];
  const own = comments.filter(({ operation }) => operation !== null && positions.includes(operation));
  const remarks = own.flatMap(({ text }) => commentLines(text, width));
  const text = lineOf(code, width);
  return {
    text: [...remarks, text].join('\n'),
    kind: first?.kind,
    subject: subjectOf(first),
    joins: remarks.length === 0 && !text.includes('\n'),
  };
}

function joined(paragraphs: readonly Paragraph[]): string {
  return paragraphs
    .map((one, i) => {
      const previous = paragraphs[i - 1];
      if (previous === undefined) return one.text;
      return `${belongTogether(previous, one) ? '\n' : '\n\n'}${one.text}`;
    })
    .join('');
}

/** The code of a function that does these operations. Refuses data steps whose code is elsewhere. */
export function renderUpgrade(operations: readonly Operation[], options: RenderOptions): RenderedOperations {
  const { comments = [], width = usualWidth } = options;
  const statements = statementsOf(operations, options.before, width);
  const opening = comments
    .filter(({ operation }) => operation === null)
    .flatMap(({ text }) => commentLines(text, width));
  const code = joined(statements.map((one) => toParagraph(one, operations, options)));
  return {
    imports: [...new Set(statements.flatMap((one) => importsOf(one.code)))].sort(),
    body: [opening.join('\n'), code].filter((part) => part !== '').join('\n\n'),
  };
}
