// A program that ran both ways → a migration as the import takes it.
// In: what it did. Out: the body of its revision, and what is left to a human. Must not know a connection or a library.

import { relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Dialect } from '../../dialect/dialect.ts';
import { invertAll } from '../../operations/apply.ts';
import type { ModuleBody } from '../../revisions/render.ts';
import type { ForeignMigration, ForeignRemainder } from '../tool.ts';
import type { Block } from './blocks.ts';
import { blocksOf, changesSchemaOnly } from './blocks.ts';
import { isSameSchema, leadsTo, operationsBetween } from './operations.ts';
import type { Places, RenderedBlocks } from './render.ts';
import { refusingStep, renderBlocks, rowsReason } from './render.ts';
import type { Trace, Walked } from './walk.ts';

/** A program's file, as text with LF. */
export interface ProgramText {
  readonly file: string;
  readonly text: string;
}

export interface TranslateMeans {
  readonly dialect: Dialect;
  /** Paths in marks are relative to it. */
  readonly projectFolder: string;
  /** The tool, as its makers write it. */
  readonly title: string;
}

type Translated = Pick<ForeignMigration, 'status' | 'remainders' | 'body'>;

/** The line of a function in a file; 1 where it is not found. */
function lineOf(name: 'up' | 'down', text: string): number {
  const patterns = [
    new RegExp(`\\b(?:async\\s+)?${name}\\s*(?:<[^>]*>)?\\s*\\(`),
    new RegExp(`\\b${name}\\s*[:=]`),
    new RegExp(`\\bfunction\\s+${name}\\b`),
    /\bchange\b/,
  ];
  const lines = text.split('\n');
  for (const pattern of patterns) {
    const at = lines.findIndex((line) => pattern.test(line) && !/^\s*(?:\/\/|\*)/.test(line));
    if (at >= 0) return at + 1;
  }
  return 1;
}

/** The line that a stack names of a file. */
function lineInStack(stack: string, file: string): number | null {
  for (const name of [pathToFileURL(file).href, file]) {
    const at = stack.indexOf(`${name}:`);
    const line = at < 0 ? undefined : /^(\d+)/.exec(stack.slice(at + name.length + 1))?.[1];
    if (line !== undefined) return Number(line);
  }
  return null;
}

interface Frame {
  readonly walked: Walked;
  readonly source: ProgramText;
  readonly means: TranslateMeans;
}

const shownPlace = ({ source, means }: Frame, line: number): string =>
  `${relative(means.projectFolder, source.file).replaceAll(sep, '/')}:${line}`;

/** The line of a function that speaks of a table, and not to make or to fill it. */
function lineAbout(table: string, name: 'up' | 'down', text: string): number | null {
  const lines = text.split('\n');
  const from = lineOf(name, text) - 1;
  const asks = (line: string) => /select|first|find|count|query|raw|execute|\bfrom\b/i.test(line);
  const makes = (line: string) => /schema\b|insert|alterTable|createTable|dropTable|addColumn/i.test(line);
  const spoken = lines
    .map((line, at) => ({ line, at }))
    .filter(({ line, at }) => at >= from && line.includes(table));
  const best =
    spoken.find(({ line }) => asks(line) && !makes(line)) ?? spoken.find(({ line }) => !makes(line));
  return best === undefined ? null : best.at + 1;
}

const lineAt = (stack: string, name: 'up' | 'down', { source }: Frame, table?: string): number =>
  lineInStack(stack, source.file) ??
  (table === undefined ? null : lineAbout(table, name, source.text)) ??
  lineOf(name, source.text);

type RowsBlock = Extract<Block, { readonly kind: 'rows' }>;

const lineOfRows = ({ stack, tables }: RowsBlock, name: 'up' | 'down', frame: Frame): number =>
  lineAt(stack, name, frame, tables[0]?.table.name);

const placesFor = (name: 'up' | 'down', frame: Frame): Places => ({
  placeOf: (block) => shownPlace(frame, lineOfRows(block, name, frame)),
  quote: frame.means.dialect.quote,
});

const remaindersOf = (
  blocks: readonly Block[],
  name: 'up' | 'down',
  frame: Frame,
): readonly ForeignRemainder[] =>
  blocks.flatMap((block) =>
    block.kind === 'rows' ? [{ line: lineOfRows(block, name, frame), reason: rowsReason(block.tables) }] : [],
  );

function untranslated(frame: Frame, up: Trace): Translated {
  const { source, walked } = frame;
  const line = lineAt(up.failure?.stack ?? '', 'up', frame);
  const reason = `it fails on an empty database: ${up.failure?.reason ?? ''}`;
  const step = refusingStep(
    shownPlace(frame, line),
    reason,
    String(walked.program.up).length > 0 ? source.text.trimEnd() : '',
  );
  return {
    status: 'none',
    remainders: [{ line, reason }],
    body: {
      format: 'ts',
      body: { upgrade: step, downgrade: { irreversible: 'what it did is not known' } },
    },
  };
}

interface Way {
  readonly downgrade: ModuleBody['downgrade'];
  readonly imports: readonly string[];
  readonly remainders: readonly ForeignRemainder[];
}

const stuck = (irreversible: string): Way => ({ downgrade: { irreversible }, imports: [], remainders: [] });

const isPlain = (blocks: readonly Block[]): boolean =>
  blocks.every(
    (block) => block.kind === 'operations' && block.operations.every(({ kind }) => kind !== 'execute'),
  );

/** The operations undone, last first, are all there is to do: the way back changes nothing but the schema. */
function isAutomatic(up: readonly Block[], down: Trace, { means }: Frame): boolean {
  if (!isPlain(up) || !changesSchemaOnly(down, means.dialect)) return false;
  return up.every((block) => block.kind === 'operations' && invertAll(block.operations) !== null);
}

const elsewhere = (reason: string, { source }: Frame): readonly ForeignRemainder[] => [
  { line: lineOf('down', source.text), reason: `its way back does not end where it began: ${reason}` },
];

/** The tool's own way back, and from where that ends to where it should. */
function ownWayBack(back: readonly Block[], down: Trace, { up, frame }: { up: Trace; frame: Frame }): Way {
  const isThere = isSameSchema(down.after, up.before);
  const [from, to] = [down.after, up.before];
  const rest = isThere ? [] : operationsBetween({ before: from, after: to }, [], frame.means.dialect);
  if (!isThere && !leadsTo(from, rest, to))
    return stuck('its way back ends at another schema, from which no operation leads on');
  const blocks: readonly Block[] =
    rest.length === 0 ? back : [...back, { kind: 'operations', before: from, operations: rest }];
  const rendered: RenderedBlocks = renderBlocks(blocks, placesFor('down', frame));
  const remainders = remaindersOf(back, 'down', frame);
  return {
    downgrade: rendered.body,
    imports: rendered.imports,
    remainders: isThere
      ? remainders
      : [...remainders, ...elsewhere('the downgrade undoes the rest too', frame)],
  };
}

function wayBack(blocks: readonly Block[], { up, down }: Pick<Walked, 'up' | 'down'>, frame: Frame): Way {
  if (down === null) return stuck(`${frame.means.title} had no way back`);
  if (down.failure !== null) return stuck(down.failure.reason);
  const automatic: Way = { downgrade: 'auto', imports: [], remainders: [] };
  const back = blocksOf(down, frame.means.dialect);
  if (back.length === 0 && !isSameSchema(up.before, up.after)) return stuck('its way back did nothing');
  if (!isAutomatic(blocks, down, frame)) return ownWayBack(back, down, { up, frame });
  const isThere = isSameSchema(down.after, up.before);
  return isThere ? automatic : { ...automatic, remainders: elsewhere('the downgrade does', frame) };
}

/** What is to be written of a program. */
export function translateProgram(frame: Frame): Translated {
  const { walked, means } = frame;
  if (walked.up.failure !== null) return untranslated(frame, walked.up);
  const blocks = blocksOf(walked.up, means.dialect);
  const upgrade = renderBlocks(blocks, placesFor('up', frame));
  const back = wayBack(blocks, walked, frame);
  const remainders = remaindersOf(blocks, 'up', frame);
  return {
    status: remainders.length > 0 ? 'schema' : 'full',
    remainders: [...remainders, ...back.remainders],
    body: {
      format: 'ts',
      body: {
        upgrade: upgrade.body,
        downgrade: back.downgrade,
        imports: [...new Set([...upgrade.imports, ...back.imports])],
      },
    },
  };
}
