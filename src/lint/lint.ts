// Revisions → what may go wrong with them.
// In: revisions with their compiled steps. Out: LintFinding[]. Must not know files' places, servers or output.

import type { Segment, Statement } from '../dialect/statement.ts';
import type { Traits } from '../dialect/traits.ts';
import { nearest } from '../kernel/nearest.ts';
import type { SqlSyntax } from '../kernel/sql-text.ts';
import { applyTo, complete, describe } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { copyDraft } from '../schema/draft.ts';
import type { TableRef } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';
import type { CodePlace, LintFinding } from './finding.ts';
import type { Ignore } from './ignores.ts';
import { readIgnores, silences } from './ignores.ts';
import type { LintSubject, Remark, Rule, Severity } from './rule.ts';
import type { RowsOf, SizeLimits } from './sizes.ts';
import { expectedSeconds, severityAtSize } from './sizes.ts';

/** A revision and what its upgrade compiles to. */
export interface LintedRevision {
  readonly revision: LoadedRevision;
  /** Completed, in order. */
  readonly operations: readonly Operation[];
  readonly segments: readonly Segment[];
  /** Positions of operations that are not carried out; absent: all are. */
  readonly skipped?: ReadonlySet<number>;
}

/** What the config says of rules: a severity, or `off`. */
export type RuleSettings = Readonly<Record<string, Severity | 'off'>>;

export interface LintOptions {
  readonly rules: readonly Rule[];
  readonly settings: RuleSettings;
  readonly traits: Traits;
  readonly syntax: SqlSyntax;
  readonly rowsOf: RowsOf;
  readonly limits: SizeLimits;
  /** The lines of the application that name something. */
  usesOf(name: string): readonly CodePlace[];
  /** What counts as one plan: tables that it has created are nobody's yet. */
  readonly plan: 'each-revision' | 'all';
}

/** Tables and columns that the plan has made so far. */
interface Novelty {
  readonly tables: Set<string>;
  readonly columns: Set<string>;
}

const columnKey = (table: TableRef, column: string): string => `${refKey(table)}\u0001${column}`;

function note(novelty: Novelty, operation: Operation): void {
  const { tables, columns } = novelty;
  if (operation.kind === 'createTable') tables.add(refKey(operation.table));
  if (operation.kind === 'dropTable') tables.delete(refKey(operation.table));
  if (operation.kind === 'addColumn') columns.add(columnKey(operation.table, operation.column.name));
  if (operation.kind === 'renameTable' && tables.delete(refKey(operation.from)))
    tables.add(refKey(operation.to));
}

/** One operation to be looked at, where it stands in its revision. */
interface Item {
  readonly operation: Operation;
  readonly sql: string | null;
  readonly position: number;
}

/** Raw SQL is looked at as it is, and as what it did. */
function itemsOf({ operations, skipped }: LintedRevision): readonly Item[] {
  return operations.flatMap((operation, position): readonly Item[] => {
    if (skipped?.has(position)) return [];
    if (operation.kind !== 'execute') return [{ operation, sql: null, position }];
    const effect = (operation.effect ?? []).map((one) => ({ operation: one, sql: operation.sql, position }));
    return [{ operation, sql: operation.sql, position }, ...effect];
  });
}

interface Found {
  readonly rule: Rule;
  readonly remark: Remark;
  readonly item: Item;
  readonly severity: Severity;
  /** What does the same without the hazard; `null`: nothing is known. */
  readonly fix: readonly Operation[] | null;
}

/** A finding with what `lint --fix` makes of its operation. */
export interface FixableFinding {
  readonly finding: LintFinding;
  /** The place of the operation in its revision. */
  readonly position: number;
  readonly fix: readonly Operation[] | null;
}

interface Walk {
  readonly options: LintOptions;
  /** What tables were called before, by what they are called now: sizes may be known by an older name. */
  readonly olderNames: Map<string, TableRef>;
  readonly active: readonly (readonly [Rule, Severity])[];
  readonly draft: SchemaDraft;
  novelty: Novelty;
}

function statementsAt(segments: readonly Segment[], position: number) {
  const own = segments.filter(({ statements }) => statements.some(({ operation }) => operation === position));
  const statements: readonly Statement[] = own
    .flatMap((segment) => segment.statements)
    .filter(({ operation }) => operation === position);
  return { statements, mode: own[0]?.mode ?? null };
}

/** Raw SQL can be said otherwise where all that it does is one operation. */
function fixOf(rule: Rule, subject: LintSubject): readonly Operation[] | null {
  const { operation, sql, siblings, index } = subject;
  if (sql === null) return rule.fix?.(subject) ?? null;
  const isRaw = operation.kind === 'execute';
  const [only, ...more] = (isRaw ? operation.effect : siblingsOf(siblings, index)) ?? [];
  if (only === undefined || more.length > 0) return null;
  return rule.fix?.({ ...subject, operation: isRaw ? complete(only, subject.before) : operation }) ?? null;
}

/** All that the raw statement did of whose doings this is one. */
function siblingsOf(siblings: readonly Operation[], index: number): readonly Operation[] | null {
  const raw = siblings.slice(0, index).findLast(({ kind }) => kind === 'execute');
  return raw?.kind === 'execute' ? raw.effect : null;
}

function checkItem(walk: Walk, subject: LintSubject, item: Item): readonly Found[] {
  return walk.active.flatMap(([rule, severity]) => {
    const remark = rule.check(subject);
    if (!remark) return [];
    return [{ rule, remark, item, severity, fix: fixOf(rule, subject) }];
  });
}

function lintOne(linted: LintedRevision, walk: Walk): readonly Found[] {
  const items = itemsOf(linted);
  const siblings = items.map(({ operation }) => operation);
  const { options, draft } = walk;
  return items.flatMap((item, index) => {
    // What raw SQL did is known by its effect: the statement itself changes nothing here.
    const isRaw = item.operation.kind === 'execute';
    const operation = isRaw ? item.operation : complete(item.operation, draft);
    const subject: LintSubject = {
      revision: linted.revision.header.id,
      operation,
      siblings,
      index,
      sql: item.sql,
      before: draft,
      ...statementsAt(linted.segments, item.position),
      traits: options.traits,
      syntax: options.syntax,
      isNew: (table) => walk.novelty.tables.has(refKey(table)),
      isNewColumn: (table, column) => walk.novelty.columns.has(columnKey(table, column)),
    };
    const found = checkItem(walk, subject, item);
    if (!isRaw) applyTo(draft, operation);
    note(walk.novelty, operation);
    if (operation.kind === 'renameTable') walk.olderNames.set(refKey(operation.to), operation.from);
    return found;
  });
}

const lineOf = ({ item }: Found, { revision }: LintedRevision): number | null =>
  revision.lines?.[item.position] ?? null;

/** The rows of a table, under its name or one that it had. */
function rowsIn({ olderNames, options }: Walk, table: TableRef): number | null {
  const asked = new Set<string>();
  for (let ref: TableRef | undefined = table; ref && !asked.has(refKey(ref)); ) {
    const rows = options.rowsOf(ref);
    if (rows !== null) return rows;
    asked.add(refKey(ref));
    ref = olderNames.get(refKey(ref));
  }
  return null;
}

function toFinding(found: Found, linted: LintedRevision, walk: Walk): FixableFinding | null {
  const { rule, remark, item, severity, fix } = found;
  const { limits, usesOf } = walk.options;
  const { revision } = linted;
  const rows = remark.table ? rowsIn(walk, remark.table) : null;
  const weighed = remark.cost ? severityAtSize(severity, rows, limits) : severity;
  if (weighed === null) return null;
  const finding: LintFinding = {
    rule: rule.id,
    severity: weighed,
    revision: revision.header.id,
    file: revision.header.file,
    line: lineOf(found, linted),
    operation: describe(item.operation),
    message: remark.message,
    help: remark.help,
    rows,
    seconds: remark.cost && rows !== null ? expectedSeconds(remark.cost, rows) : null,
    usedIn: remark.codeName === undefined ? [] : usesOf(remark.codeName),
    isFixable: fix !== null,
  };
  return { finding, position: item.position, fix };
}

/** What is wrong with a comment that silences nothing. */
function uselessness({ rule }: Ignore, known: readonly string[]) {
  const unknown = { rule: 'unknown-rule', severity: 'error' } as const;
  if (rule === '')
    return {
      ...unknown,
      message: 'the comment silences nothing: it names no rule in the form that is read',
      help: ['Write `surefoot-ignore RULE: why`; several rules with commas between them.'],
    };
  if (known.includes(rule))
    return {
      rule: 'unused-ignore',
      severity: 'warning',
      message: `the comment silences ${rule}, which finds nothing here`,
      help: ['Remove the comment.'],
    } as const;
  const close = nearest(rule, known);
  const help = [close ? `Did you mean ${close}?` : 'See `surefoot lint --rules`.'];
  return { ...unknown, message: `there is no rule ${rule}`, help };
}

/** What the comments themselves get wrong. */
function uselessIgnores(
  ignores: readonly Ignore[],
  { revision: { header } }: LintedRevision,
  known: readonly string[],
): readonly FixableFinding[] {
  return ignores.map((ignore) => {
    const finding: LintFinding = {
      ...uselessness(ignore, known),
      revision: header.id,
      file: header.file,
      line: ignore.line,
      operation: `surefoot-ignore ${ignore.rule}`.trimEnd(),
      rows: null,
      seconds: null,
      usedIn: [],
      isFixable: false,
    };
    return { finding, position: -1, fix: null };
  });
}

/** True if there is something that it silences. */
const isUsed = (ignore: Ignore, found: readonly Found[], linted: LintedRevision): boolean =>
  found.some((one) => silences(ignore, one.rule.id, lineOf(one, linted)));

/** True if what the ignore means holds raw SQL of which nobody knows what it does. */
const isAboutUnknown = (ignore: Ignore, { operations, revision }: LintedRevision): boolean =>
  operations.some(
    (one, i) =>
      one.kind === 'execute' &&
      one.effect === null &&
      (ignore.until === null || ignore.until === revision.lines?.[i]),
  );

/**
 * Ignores that silence nothing, here and elsewhere: another server has rules of its own, another run of lint knows sizes
 * or what raw SQL does, or looks at less as one plan.
 */
function unusedIgnores(
  ignores: readonly Ignore[],
  found: readonly Found[],
  {
    linted,
    walk,
    before,
  }: { readonly linted: LintedRevision; readonly walk: Walk; readonly before: SchemaDraft },
): readonly Ignore[] {
  const { rules } = walk.options;
  const active = new Set(walk.active.map(([{ id }]) => id));
  const isAsked = ({ rule }: Ignore) => active.has(rule) || rules.every(({ id }) => id !== rule);
  const idle = ignores.filter(
    (one) => isAsked(one) && !isUsed(one, found, linted) && !isAboutUnknown(one, linted),
  );
  if (idle.length === 0) return [];
  const alone = lintOne(linted, { ...walk, draft: before, novelty: fresh() });
  return idle.filter((one) => !isUsed(one, alone, linted));
}

function lintRevision(linted: LintedRevision, walk: Walk): readonly FixableFinding[] {
  const { options } = walk;
  const ignores = readIgnores(linted.revision.text);
  const before = ignores.length === 0 ? walk.draft : copyDraft(walk.draft);
  const found = lintOne(linted, walk);
  const loud = found.filter(
    (one) => !ignores.some((ignore) => silences(ignore, one.rule.id, lineOf(one, linted))),
  );
  const unused = unusedIgnores(ignores, found, { linted, walk, before });
  const known = options.rules.map(({ id }) => id);
  return [
    ...loud.flatMap((one) => toFinding(one, linted, walk) ?? []),
    ...uselessIgnores(unused, linted, known),
  ];
}

/** The rules that apply, each with its severity. */
function activeRules({ rules, settings, traits }: LintOptions): Walk['active'] {
  return rules.flatMap((rule) => {
    if (rule.flavors !== 'all' && !rule.flavors.includes(traits.flavor)) return [];
    const setting = settings[rule.id] ?? (rule.isOptIn ? 'off' : rule.severity);
    return setting === 'off' ? [] : [[rule, setting] as const];
  });
}

const fresh = (): Novelty => ({ tables: new Set(), columns: new Set() });

/** Looks at revisions in order. `draft` is the schema before the first of them; it is led on to the last. */
export function lint(
  revisions: readonly LintedRevision[],
  draft: SchemaDraft,
  options: LintOptions,
): readonly LintFinding[] {
  return lintForFixes(revisions, draft, options).map(({ finding }) => finding);
}

/** The same, with what would do instead. */
export function lintForFixes(
  revisions: readonly LintedRevision[],
  draft: SchemaDraft,
  options: LintOptions,
): readonly FixableFinding[] {
  const olderNames = new Map<string, TableRef>();
  const walk: Walk = { options, olderNames, active: activeRules(options), draft, novelty: fresh() };
  return revisions.flatMap((linted) => {
    if (options.plan === 'each-revision') walk.novelty = fresh();
    return lintRevision(linted, walk);
  });
}
