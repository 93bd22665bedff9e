// One version file → what it does, both ways, on each kind of database.
// In: a parsed file, the schema before it. Out: blocks, remainders, the schema after it. Must not know how it is written.

import { canonicalJson } from '../../kernel/hash.ts';
import { applyAll, invertAll } from '../../operations/apply.ts';
import type { Operation } from '../../operations/operation.ts';
import type { SchemaDraft } from '../../schema/draft.ts';
import { closeDraft, copyDraft } from '../../schema/draft.ts';
import type { DialectName } from '../../schema/schema.ts';
import type { Module } from '../python/tree.ts';
import { functionFor } from './binds.ts';
import { executeSql } from './data.ts';
import type { Item, Remainder, State } from './machine.ts';
import { follow } from './machine.ts';
import type { Block } from './merge-items.ts';
import { mergeItems } from './merge-items.ts';
import type { Rules } from './rules.ts';
import { moduleScope, runFunction } from './run-function.ts';

/** The schema on each kind of database. */
export type Drafts = ReadonlyMap<DialectName, SchemaDraft>;

export type TranslatedDowngrade =
  | { readonly kind: 'auto' }
  | { readonly kind: 'blocks'; readonly blocks: readonly Block[] }
  | { readonly kind: 'irreversible'; readonly reason: string };

export interface Translation {
  readonly upgrade: readonly Block[];
  readonly downgrade: TranslatedDowngrade;
  readonly remainders: readonly Remainder[];
  readonly isSafety: boolean;
  readonly before: Drafts;
  readonly after: Drafts;
}

export interface TranslationMeans {
  readonly rules: Rules;
  /** Names as servers make them, that raw SQL of the history uses. */
  readonly mentioned: ReadonlySet<string>;
  readonly drafts: Drafts;
}

interface Sides {
  readonly dialect: DialectName;
  readonly up: State;
  readonly down: State | null;
}

function openState(module: Module, dialect: DialectName, draft: SchemaDraft, means: TranslationMeans): State {
  return {
    dialect,
    isOnly: means.drafts.size === 1,
    rules: means.rules,
    mentioned: means.mentioned,
    module,
    draft,
    items: [],
    irreversible: null,
    isSafety: false,
    transaction: true,
    depth: 0,
    turns: 0,
  };
}

function sidesOn(dialect: DialectName, module: Module, draft: SchemaDraft, means: TranslationMeans): Sides {
  const up = openState(module, dialect, copyDraft(draft), means);
  const { bind } = means.rules;
  const scope = moduleScope(up);
  runFunction(functionFor(module, 'upgrade', bind).name, scope, up);
  const down = openState(module, dialect, copyDraft(up.draft), means);
  const downScope = moduleScope(down);
  const hasDown = runFunction(functionFor(module, 'downgrade', bind).name, downScope, down);
  return { dialect, up, down: hasDown ? down : null };
}

const dataKinds: ReadonlySet<Operation['kind']> = new Set([
  'execute',
  'run',
  'insertRows',
  'deleteRows',
  'backfill',
  'assert',
]);

/** The operations, where nothing but changes of the schema is there, the same everywhere. */
function plainOperations(blocks: readonly Block[]): readonly Operation[] | null {
  const operations = blocks.map((block) =>
    block.kind === 'operation' && !dataKinds.has(block.operation.kind) ? block.operation : null,
  );
  return operations.every((one) => one !== null) ? operations : null;
}

const sortedKinds = (operations: readonly Operation[]) =>
  operations
    .map(({ kind }) => kind)
    .sort()
    .join();

/** True where the downgrade does what undoing the upgrade does. */
function isInverse(up: readonly Operation[], down: readonly Operation[], before: SchemaDraft): boolean {
  const draft = copyDraft(before);
  const inverse = invertAll(up.map((operation) => follow(draft, operation)));
  if (!inverse || sortedKinds(inverse) !== sortedKinds(down)) return false;
  const [undone, done] = [copyDraft(draft), copyDraft(draft)];
  applyAll(undone, inverse);
  for (const operation of down) follow(done, operation);
  return canonicalJson(closeDraft(undone)) === canonicalJson(closeDraft(done));
}

/** What history had before, the inverse of a safety revision leaves alone: so it ends at the schema before. */
function endsWhereItBegan(
  up: readonly Operation[],
  down: readonly Operation[],
  before: SchemaDraft,
): boolean {
  const draft = copyDraft(before);
  for (const operation of [...up, ...down]) follow(draft, operation);
  return canonicalJson(closeDraft(draft)) === canonicalJson(closeDraft(before));
}

function downgradeOf(
  sides: readonly Sides[],
  upgrade: readonly Block[],
  before: SchemaDraft | undefined,
): TranslatedDowngrade {
  const reason = sides.map(({ down }) => down?.irreversible ?? null).find((one) => one !== null);
  if (reason !== undefined) return { kind: 'irreversible', reason };
  const own = sides.flatMap(({ dialect, down }) => (down ? [{ dialect, items: down.items }] : []));
  const blocks = mergeItems(own);
  const [up, down] = [plainOperations(upgrade), plainOperations(blocks)];
  if (upgrade.length === 0 && blocks.length === 0) return { kind: 'auto' };
  if (blocks.length === 0 && upgrade.some(changesSchema)) {
    return { kind: 'irreversible', reason: 'in Alembic its downgrade() did nothing' };
  }
  const isSafety = sides.some((one) => one.up.isSafety);
  if (
    up &&
    down &&
    before &&
    (isInverse(up, down, before) || (isSafety && endsWhereItBegan(up, down, before)))
  )
    return { kind: 'auto' };
  return { kind: 'blocks', blocks };
}

function changesSchema(block: Block): boolean {
  if (block.kind === 'operation') return !dataKinds.has(block.operation.kind);
  return block.kind === 'branch' && block.cases.some(({ blocks }) => blocks.some(changesSchema));
}

/** What takes the place of a translation: statements of SQL. */
export interface SqlInstead {
  readonly dialect: DialectName;
  /** `null`: that way stays as it is. */
  readonly upgrade: readonly string[] | null;
  readonly downgrade: readonly string[] | null;
}

function blocksOfSql(
  module: Module,
  statements: readonly string[],
  { means, instead }: InsteadMeans,
): readonly Block[] {
  const draft = means.drafts.get(instead.dialect);
  if (!draft) return [];
  const state = openState(module, instead.dialect, copyDraft(draft), means);
  for (const one of statements) executeSql(state, one);
  return mergeItems([{ dialect: instead.dialect, items: state.items }]);
}

interface InsteadMeans {
  readonly means: TranslationMeans;
  readonly instead: SqlInstead;
}

/** What blocks leave to a human. */
function leftIn(blocks: readonly Block[]): readonly Remainder[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'remainder') return [block.remainder];
    return block.kind === 'branch' ? block.cases.flatMap((one) => leftIn(one.blocks)) : [];
  });
}

const blocksDown = (downgrade: TranslatedDowngrade): readonly Block[] =>
  downgrade.kind === 'blocks' ? downgrade.blocks : [];

/** The ways in which something of a translation is left to a human. */
export function openWays({ upgrade, downgrade }: Translation): readonly ('upgrade' | 'downgrade')[] {
  return [
    ...(leftIn(upgrade).length > 0 ? (['upgrade'] as const) : []),
    ...(leftIn(blocksDown(downgrade)).length > 0 ? (['downgrade'] as const) : []),
  ];
}

/** A translation with SQL instead of what was found in one way or both. */
export function withSql(module: Module, translation: Translation, given: InsteadMeans): Translation {
  const sql = given.instead;
  const upgrade = sql.upgrade === null ? translation.upgrade : blocksOfSql(module, sql.upgrade, given);
  const downgrade: TranslatedDowngrade =
    sql.downgrade === null
      ? translation.downgrade
      : { kind: 'blocks', blocks: blocksOfSql(module, sql.downgrade, given) };
  return {
    ...translation,
    upgrade,
    downgrade,
    remainders: [...leftIn(upgrade), ...leftIn(blocksDown(downgrade))],
  };
}

function remaindersOf(items: readonly Item[]): readonly Remainder[] {
  return items.flatMap((item) => (item.kind === 'remainder' ? [item.remainder] : []));
}

const tooDeep = 'its code is nested too deeply to be read';

/** A file of which nothing could be followed: all of it is left. */
function leftWhole(module: Module, means: TranslationMeans): Translation {
  const remainder: Remainder = {
    from: 0,
    to: 0,
    line: 1,
    reason: tooDeep,
    isSchema: true,
    context: [],
    source: module.text.slice(0, 400),
  };
  return {
    upgrade: [{ kind: 'remainder', remainder }],
    downgrade: { kind: 'irreversible', reason: tooDeep },
    remainders: [remainder],
    isSafety: false,
    before: means.drafts,
    after: means.drafts,
  };
}

/** Translates a file. */
export function translate(module: Module, means: TranslationMeans): Translation {
  try {
    return translated(module, means);
  } catch (problem) {
    // The stack ended: nobody writes such code by hand.
    if (problem instanceof RangeError) return leftWhole(module, means);
    throw problem;
  }
}

function translated(module: Module, means: TranslationMeans): Translation {
  const sides = [...means.drafts].map(([dialect, draft]) => sidesOn(dialect, module, draft, means));
  const upgrade = mergeItems(sides.map(({ dialect, up }) => ({ dialect, items: up.items })));
  const [first] = means.drafts.values();
  const all = sides.flatMap(({ up, down }) => [
    ...remaindersOf(up.items),
    ...(down && down.irreversible === null ? remaindersOf(down.items) : []),
  ]);
  const unique = new Map(all.map((one) => [`${one.from} ${one.reason}`, one] as const));
  return {
    upgrade,
    downgrade: downgradeOf(sides, upgrade, first),
    remainders: [...unique.values()].sort((a, b) => a.line - b.line),
    isSafety: sides.some(({ up }) => up.isSafety),
    before: means.drafts,
    after: new Map(sides.map(({ dialect, up }) => [dialect, up.draft] as const)),
  };
}
