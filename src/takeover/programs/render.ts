// Blocks → the code of a revision.
// In: blocks, the place that they come from. Out: statements on `op`. Must not know a connection or a library.

import { renderUpgrade } from '../../autogenerate/render-operations.ts';
import { escapeControls, stringLiteral } from '../../revisions/render.ts';
import type { Block } from './blocks.ts';
import type { RowsRead } from './session.ts';

export interface RenderedBlocks {
  readonly body: string;
  readonly imports: readonly string[];
}

/** How a mark names the places that blocks come from. */
export interface Places {
  /** `migrations/20200101_x.ts:12`. */
  placeOf(block: Extract<Block, { readonly kind: 'rows' }>): string;
  quote(name: string): string;
}

const width = 96;

const commented = (line: string): string =>
  `// ${escapeControls(line, '\t').replaceAll('\\\\', '\\')}`.trimEnd();

const shownName = ({ table: { namespace, name } }: RowsRead): string =>
  namespace === null ? name : `${namespace}.${name}`;

/** Why a block needs a human. */
export const rowsReason = (tables: readonly RowsRead[]): string =>
  `it reads rows of ${tables.map(shownName).join(', ')}: what it does with them is known only for those that were there`;

function countCheck({ table, count }: RowsRead, refusal: string, { quote }: Places): readonly string[] {
  const name = [...(table.namespace === null ? [] : [table.namespace]), table.name].map(quote).join('.');
  return [
    `    const { rows } = await connection.query(${stringLiteral(`SELECT count(*) AS n FROM ${name}`)});`,
    `    if (String(rows[0]?.['n']) !== ${stringLiteral(count)})`,
    `      throw new Error(${stringLiteral(refusal)});`,
  ];
}

/** A step that refuses where rows are there that nobody ran the program with. */
function rowsStep(block: Extract<Block, { readonly kind: 'rows' }>, places: Places): string {
  const place = places.placeOf(block);
  const refusal = `${place} is not translated for the rows that are here: write this step, or mark the revision as run`;
  const checks = block.tables.map((one) => countCheck(one, refusal, places));
  const lines =
    checks.length === 1
      ? checks.flat()
      : checks.flatMap((lines) => ['    {', ...lines.map((line) => `  ${line}`), '    }']);
  return [
    commented(`NOT TRANSLATED: ${place}: ${rowsReason(block.tables)}`),
    'op.run(',
    '  async ({ connection }) => {',
    ...lines,
    '  },',
    `  { description: ${stringLiteral(`not translated for other rows: ${place}`)}, inverse: 'nothing' },`,
    ');',
  ].join('\n');
}

/** A step that always refuses, with the code that it stands for. */
export function refusingStep(place: string, reason: string, source: string): string {
  return [
    commented(`NOT TRANSLATED: ${place}: ${reason}`),
    ...(source === '' ? [] : ['//', ...source.split('\n').map((line) => commented(`    ${line}`))]),
    'op.run(',
    '  () => {',
    `    throw new Error(${stringLiteral(`${place} is not translated: write this step, or mark the revision as run`)});`,
    '  },',
    `  { description: ${stringLiteral(`not translated: ${place}`)} },`,
    ');',
  ].join('\n');
}

/** Blocks as code. */
export function renderBlocks(blocks: readonly Block[], places: Places): RenderedBlocks {
  const texts: string[] = [];
  const imports = new Set<string>();
  for (const block of blocks) {
    if (block.kind === 'rows') {
      texts.push(rowsStep(block, places));
      continue;
    }
    const rendered = renderUpgrade(block.operations, { before: block.before, width });
    for (const name of rendered.imports) imports.add(name);
    if (rendered.body !== '') texts.push(rendered.body);
  }
  return { body: texts.join('\n\n'), imports: [...imports] };
}
