// Operations as the code of a revision: what a reviewer reads.
// In: completed operations, the schema before them. Out: statements on `op`, and the names to import.
// Must not know files, dialects or servers. What it writes is proven: the builder, handed the code, records the same
// operations; what no method can say exactly stands there as data.

import { applyAll } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
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

/** A new column with its own parts in one call, where that says the same. */
function foldedColumn(position: number, around: Surroundings): Statement | null {
  const { operations, draft } = around;
  const added = operations[position];
  if (added?.kind !== 'addColumn') return null;
  const positions = [position, ...gatherParts(position, added, around)];
  const group = positions.flatMap((at) => operations[at] ?? []);
  const one = <K extends Operation['kind']>(kind: K) =>
    group.find((each): each is Extract<Operation, { readonly kind: K }> => each.kind === kind);
  const column = sayColumn(added.column, {
    primaryKey: one('addPrimaryKey')?.primaryKey,
    unique: one('addUnique')?.unique,
    index: one('createIndex')?.index,
    check: one('addCheck')?.check,
    foreignKey: one('addForeignKey')?.foreignKey,
  });
  const code = onBuilder('addColumn', sayName(added.table), json(added.column.name), column);
  return positions.length > 1 && says(code, group, draft) ? { code, positions } : null;
}

function plainStatement(operation: Operation, position: number, draft: SchemaDraft): Statement {
  const code = sayOperation(operation);
  return { code: says(code, [operation], draft) ? code : sayAsData(operation), positions: [position] };
}

function statementsOf(operations: readonly Operation[], before: Schema): readonly Statement[] {
  const draft = openDraft(before);
  const taken = new Set<number>();
  return operations.flatMap((operation, position) => {
    if (taken.has(position)) return [];
    const statement =
      foldedColumn(position, { operations, draft, taken }) ?? plainStatement(operation, position, draft);
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
  const text = `${layOut(code, { width, indent: 0, before: 0, behind: 1 })};`;
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
  const statements = statementsOf(operations, options.before);
  const opening = comments
    .filter(({ operation }) => operation === null)
    .flatMap(({ text }) => commentLines(text, width));
  const code = joined(statements.map((one) => toParagraph(one, operations, options)));
  return {
    imports: [...new Set(statements.flatMap((one) => importsOf(one.code)))].sort(),
    body: [opening.join('\n'), code].filter((part) => part !== '').join('\n\n'),
  };
}
