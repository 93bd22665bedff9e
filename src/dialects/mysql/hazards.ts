import type { Hazard } from '../../dialect/statement.ts';
import { canonicalJson } from '../../kernel/hash.ts';
import type { Column, ColumnType, Index, Table } from '../../schema/schema.ts';
import { hazard } from './pieces.ts';
import { tableCollation } from './table-options.ts';
import type { MysqlTraits } from './traits.ts';
import { atLeast } from './traits.ts';

/** How the server carries an alteration out, from cheap to dear. */
export type Impact = 'instant' | 'rebuild' | 'copy';

const rewrite = hazard('table-rewrite', 'every row is written again');

/** What an impact means for those who use the table. */
export function impactHazards(impact: Impact, traits: MysqlTraits): readonly Hazard[] {
  if (impact === 'instant') return [];
  // MariaDB lets writers go on during a copy since 11.2.
  const online = impact === 'rebuild' || (traits.flavor === 'mariadb' && atLeast(traits, 11, 2));
  return online ? [rewrite] : [rewrite, hazard('blocks-writes', 'writes wait until the copy is done')];
}

/** True if the table has a fulltext index. */
export const hasFulltext = (table: Table | undefined): boolean =>
  table?.indexes.some(({ method }) => method === 'fulltext') === true;

/** A fulltext index is kept by hidden columns: where a table has one, it is written again in a way that writers wait for. */
function besideTexts(impact: Impact, table: Table | undefined, traits: MysqlTraits): readonly Hazard[] {
  return hasFulltext(table) && impact === 'rebuild'
    ? [rewrite, hazard('blocks-writes', 'writes wait until the table is written')]
    : impactHazards(impact, traits);
}

/** Says that present rows may stop a statement. */
export function failsOnRows(what: string): Hazard {
  return hazard('fails-on-rows', what);
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** The bytes that a length takes decide whether a longer text needs new rows; 4 bytes a character is the worst case. */
function isLongerText(from: ColumnType, to: ColumnType): boolean {
  if (from.kind !== 'varchar' || to.kind !== 'varchar') return false;
  const [old, now] = [from.length ?? 0, to.length ?? 0];
  return now >= old && (now * 4 < 256 || old * 4 >= 256);
}

function isAppended(from: ColumnType, to: ColumnType): boolean {
  if (from.kind !== 'enum' || to.kind !== 'enum') return false;
  const sameWidth = from.values.length > 255 === to.values.length > 255;
  return sameWidth && from.values.every((value, i) => to.values[i] === value);
}

/** True if values of the first type may not fit into the second. */
export function isNarrower(from: ColumnType, to: ColumnType): boolean {
  if (same(from, to) || isLongerText(from, to) || isAppended(from, to)) return false;
  if (from.kind === 'varchar' && to.kind === 'varchar') return (to.length ?? 0) < (from.length ?? 0);
  if (from.kind === 'numeric' && to.kind === 'numeric') {
    const digits = (type: typeof from) => (type.precision ?? 10) - (type.scale ?? 0);
    return digits(to) < digits(from) || (to.scale ?? 0) < (from.scale ?? 0);
  }
  const widths = ['smallint', 'integer', 'bigint'];
  const [old, now] = [widths.indexOf(from.kind), widths.indexOf(to.kind)];
  if (old >= 0 && now >= 0) return now < old;
  const isText = (type: ColumnType) =>
    type.kind === 'text' || (type.kind === 'native' && /text$/.test(String(type.sql)));
  return !((from.kind === 'varchar' || from.kind === 'char') && isText(to));
}

/** A column on both sides, and the table that it stands in. */
export interface ColumnChange {
  readonly before: Column;
  readonly after: Column;
  readonly table: Table | undefined;
}

const isIndexed = ({ after, table }: ColumnChange): boolean =>
  table?.primaryKey?.columns.includes(after.name) === true ||
  table?.indexes.some(({ parts }) => parts.some(({ column }) => column === after.name)) === true;

/** Another order of the same characters: rows stay as they are, and MySQL copies all the same where an index has to change. */
function collationImpact(change: ColumnChange, traits: MysqlTraits): Impact {
  const { before, after, table } = change;
  if (before.collation === after.collation) return 'instant';
  const own = table ? tableCollation(table.options, traits) : null;
  const [old, now] = [before, after].map((column) => (column.collation ?? own)?.replace(/_.*/s, ''));
  if (old === undefined || old !== now) return 'copy';
  return traits.flavor === 'mysql' && isIndexed(change) ? 'copy' : 'instant';
}

function typeImpact(change: ColumnChange, traits: MysqlTraits): Impact {
  const [from, to] = [change.before.type, change.after.type];
  if (!same(from, to) && !isLongerText(from, to) && !isAppended(from, to)) return 'copy';
  return collationImpact(change, traits);
}

function alterImpact(change: ColumnChange, traits: MysqlTraits): Impact {
  const { before, after } = change;
  if (!same(before.generated, after.generated) || !same(before.identity, after.identity)) return 'copy';
  const impact = typeImpact(change, traits);
  if (impact === 'instant' && before.nullable !== after.nullable) return 'rebuild';
  return impact;
}

/** Hazards of changing a column. */
export function alterHazards(change: ColumnChange, traits: MysqlTraits): readonly Hazard[] {
  const { before, after } = change;
  const isConverted = isNarrower(before.type, after.type);
  return [
    ...besideTexts(alterImpact(change, traits), change.table, traits),
    ...(isConverted ? [failsOnRows(`values of ${after.name} that do not fit the new type stop it`)] : []),
    ...(before.nullable && !after.nullable ? [failsOnRows(`nulls in ${after.name} stop it`)] : []),
  ];
}

/** A default that is computed once and stands beside the rows; on MariaDB any one that calls nothing. */
function isPutBeside(sql: string, { flavor }: MysqlTraits): boolean {
  return /^(CURRENT_TIMESTAMP|b')/.test(sql) || (flavor === 'mariadb' && !/[\w`]\s*\(/.test(sql));
}

/** Hazards of adding a column. */
export function addHazards(column: Column, table: Table, traits: MysqlTraits): readonly Hazard[] {
  const isComputed = column.generated?.stored === true || column.identity !== null;
  const isExpression = column.default?.kind === 'expression' && !isPutBeside(column.default.sql, traits);
  if (isComputed || isExpression) return impactHazards('copy', traits);
  // No column comes instantly into a table with a fulltext index.
  const isInstant = column.generated !== null || !hasFulltext(table);
  return isInstant ? [] : besideTexts('rebuild', table, traits);
}

/** Hazards of an index that is built over present rows. */
export function indexHazards(index: Index, { indexes }: Pick<Table, 'indexes'>): readonly Hazard[] {
  const isSlow = index.method !== null || index.parts.some((part) => part.sql !== null);
  // A table's first one needs a hidden column, which every row gets.
  const isFirstText =
    index.method === 'fulltext' &&
    indexes.every(({ method, name }) => method !== 'fulltext' || name === index.name);
  return [
    ...(isFirstText ? [rewrite] : []),
    ...(isSlow ? [hazard('blocks-writes', 'writes wait until the index is built')] : []),
    ...(index.unique ? [failsOnRows('duplicate values stop it')] : []),
  ];
}
