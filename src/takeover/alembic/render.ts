// What a version file does → the code of a revision.
// In: blocks, the schema before them. Out: statements on `op`. Must not know files or Python.

import { renderUpgrade } from '../../autogenerate/render-operations.ts';
import type { Operation } from '../../operations/operation.ts';
import { escapeControls, stringLiteral } from '../../revisions/render.ts';
import type { SchemaDraft } from '../../schema/draft.ts';
import { closeDraft, copyDraft } from '../../schema/draft.ts';
import type { DialectName } from '../../schema/schema.ts';
import type { Remainder } from './machine.ts';
import { follow } from './machine.ts';
import type { Block } from './merge-items.ts';
import type { Drafts } from './translate.ts';

export interface RenderedBlocks {
  readonly body: string;
  readonly imports: readonly string[];
  /** True: it asks for the dialect. */
  readonly branches: boolean;
}

export interface RenderMeans {
  /** Changed as the blocks do. */
  readonly drafts: Map<DialectName, SchemaDraft>;
  /** The version file, as reports name it. */
  readonly file: string;
  /** All kinds of databases that the revisions are for. */
  readonly dialects: readonly DialectName[];
  readonly width: number;
}

export const copyDrafts = (drafts: Drafts): Map<DialectName, SchemaDraft> =>
  new Map([...drafts].map(([dialect, draft]) => [dialect, copyDraft(draft)] as const));

/** A comment line that shows code as it is. */
const commented = (line: string): string =>
  `// ${escapeControls(line, '\t').replaceAll('\\\\', '\\')}`.trimEnd();

/** Code without the indentation that all its lines but the first have. */
function dedented(source: string): readonly string[] {
  const [first = '', ...rest] = source.split('\n');
  const indents = rest
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length);
  const least = Math.min(...indents, Number.MAX_SAFE_INTEGER);
  const inner = /[:([{]\s*$/.test(first) ? Math.max(0, least - 4) : least;
  return [first, ...rest.map((line) => line.slice(Math.min(inner, line.length - line.trimStart().length)))];
}

/** Code that a human has to write, as one step: until then, running it refuses. */
function renderRemainders(remainders: readonly Remainder[], file: string): string {
  const placeOf = ({ line }: Remainder) => `${file}:${line}`;
  const [first] = remainders;
  if (!first) return '';
  const contexts = new Set(remainders.flatMap(({ context }) => context));
  const sources = [...contexts, ...remainders.map(({ source }) => source)].flatMap(dedented);
  const place = placeOf(first);
  return [
    ...remainders.map((one) => `// NOT TRANSLATED: ${placeOf(one)}: ${one.reason.replaceAll(/\s+/g, ' ')}`),
    '//',
    ...sources.map((line) => commented(`    ${line}`)),
    'op.run(',
    '  () => {',
    `    throw new Error(${stringLiteral(`${place} is not translated: write this step, or mark the revision as run`)});`,
    '  },',
    `  { description: ${stringLiteral(`not translated: ${place}`)} },`,
    ');',
  ].join('\n');
}

/** Operations as code, from the schema of one of their databases. */
function renderOperations(
  operations: readonly Operation[],
  dialects: readonly DialectName[],
  means: RenderMeans,
) {
  const [dialect] = dialects;
  const draft = dialect === undefined ? undefined : means.drafts.get(dialect);
  if (!draft) return { body: '', imports: [] };
  const before = withNeededTables(draft, operations);
  const rendered = renderUpgrade(operations, { before: closeDraft(before), width: means.width });
  for (const one of dialects) {
    const own = means.drafts.get(one);
    if (own) for (const operation of operations) follow(own, operation);
  }
  return rendered;
}

/** The draft with all tables that operations need: those that raw SQL made are not in it. */
function withNeededTables(draft: SchemaDraft, operations: readonly Operation[]): SchemaDraft {
  const [base, at] = [copyDraft(draft), copyDraft(draft)];
  for (const operation of operations) {
    const known = new Set(at.tables.keys());
    if (operation.kind !== 'createTable' && operation.kind !== 'renameTable') {
      follow(at, operation);
      for (const [key, table] of at.tables)
        if (!known.has(key))
          base.tables.set(key, {
            ...table,
            columns: [],
            primaryKey: null,
            uniques: [],
            foreignKeys: [],
            checks: [],
            indexes: [],
          });
    } else follow(at, operation);
  }
  return base;
}

const indent = (text: string): string => {
  let inTemplate = false;
  return text
    .split('\n')
    .map((line) => {
      const moved = inTemplate || line.trim() === '' ? line : `  ${line}`;
      const ticks = line.replaceAll(/\\`/g, '').split('`').length - 1;
      if (!line.trimStart().startsWith('//') && ticks % 2 === 1) inTemplate = !inTemplate;
      return moved;
    })
    .join('\n');
};

function renderBranch(block: Extract<Block, { kind: 'branch' }>, means: RenderMeans): RenderedBlocks {
  const parts = block.cases.map(({ dialects, blocks }) => ({
    dialects,
    rendered: renderBlocks(blocks, { ...means, width: means.width - 2 }),
  }));
  const said = new Set(parts.flatMap(({ dialects }) => dialects));
  const isWhole = means.dialects.every((one) => said.has(one));
  const chain = parts.map(({ dialects, rendered }, at) => {
    const test = dialects.map((one) => `dialect === ${stringLiteral(one)}`).join(' || ');
    const isLast = at === parts.length - 1 && isWhole && parts.length > 1;
    const head = isLast ? 'else' : at === 0 ? `if (${test})` : `else if (${test})`;
    return `${head} {\n${indent(rendered.body)}\n}`;
  });
  return {
    body: chain.join(' '),
    imports: parts.flatMap(({ rendered }) => rendered.imports),
    branches: true,
  };
}

const namesFor = (block: Block): string => (block.kind === 'operation' ? block.dialects.join() : '');

/** Blocks as code. */
export function renderBlocks(blocks: readonly Block[], means: RenderMeans): RenderedBlocks {
  const texts: string[] = [];
  const imports: string[] = [];
  let branches = false;
  for (let at = 0; at < blocks.length; at++) {
    const block = blocks[at];
    if (block?.kind === 'remainder') {
      // Neighbours are one step.
      const group = [block.remainder];
      for (let next = blocks[at + 1]; next?.kind === 'remainder'; next = blocks[at + 1]) {
        group.push(next.remainder);
        at += 1;
      }
      texts.push(renderRemainders(group, means.file));
    }
    if (block?.kind === 'branch') {
      const rendered = renderBranch(block, means);
      texts.push(rendered.body);
      imports.push(...rendered.imports);
      branches = true;
    }
    if (block?.kind !== 'operation') continue;
    const group = [block.operation];
    for (
      let next = blocks[at + 1];
      next?.kind === 'operation' && namesFor(next) === namesFor(block);
      next = blocks[at + 1]
    ) {
      group.push(next.operation);
      at += 1;
    }
    const rendered = renderOperations(group, block.dialects, means);
    texts.push(rendered.body);
    imports.push(...rendered.imports);
  }
  return { body: texts.filter((text) => text !== '').join('\n\n'), imports: [...new Set(imports)], branches };
}
