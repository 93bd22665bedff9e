import type { Hazard } from '../../dialect/statement.ts';
import { canonicalJson } from '../../kernel/hash.ts';
import type { Column, ColumnType, Index } from '../../schema/schema.ts';
import { hazard } from './pieces.ts';
import type { MysqlTraits } from './traits.ts';
import { atLeast } from './traits.ts';

/** How the server carries an alteration out, from cheap to dear. */
export type Impact = 'instant' | 'rebuild' | 'copy';

/** What an impact means for those who use the table. */
export function impactHazards(impact: Impact, traits: MysqlTraits): readonly Hazard[] {
  if (impact === 'instant') return [];
  const rewrite = hazard('table-rewrite', 'every row is written again');
  // MariaDB lets writers go on during a copy since 11.2.
  const online = impact === 'rebuild' || (traits.flavor === 'mariadb' && atLeast(traits, 11, 2));
  return online ? [rewrite] : [rewrite, hazard('blocks-writes', 'writes wait until the copy is done')];
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

function typeImpact(before: Column, after: Column): Impact {
  if (same(before.type, after.type)) return before.collation === after.collation ? 'instant' : 'copy';
  return isLongerText(before.type, after.type) || isAppended(before.type, after.type) ? 'instant' : 'copy';
}

function alterImpact(before: Column, after: Column): Impact {
  if (!same(before.generated, after.generated) || !same(before.identity, after.identity)) return 'copy';
  const impact = typeImpact(before, after);
  if (impact === 'instant' && before.nullable !== after.nullable) return 'rebuild';
  return impact;
}

/** Hazards of changing a column. */
export function alterHazards(before: Column, after: Column, traits: MysqlTraits): readonly Hazard[] {
  const isConverted = isNarrower(before.type, after.type);
  return [
    ...impactHazards(alterImpact(before, after), traits),
    ...(isConverted ? [failsOnRows(`values of ${after.name} that do not fit the new type stop it`)] : []),
    ...(before.nullable && !after.nullable ? [failsOnRows(`nulls in ${after.name} stop it`)] : []),
  ];
}

/** Hazards of adding a column. */
export function addHazards(column: Column, traits: MysqlTraits): readonly Hazard[] {
  const isComputed = column.generated?.stored === true || column.identity !== null;
  const isExpression =
    column.default?.kind === 'expression' && !/^(CURRENT_TIMESTAMP|b')/.test(column.default.sql);
  return impactHazards(isComputed || isExpression ? 'copy' : 'instant', traits);
}

/** Hazards of an index that is built over present rows. */
export function indexHazards(index: Index): readonly Hazard[] {
  const isSlow = index.method !== null || index.parts.some((part) => part.sql !== null);
  return [
    ...(isSlow ? [hazard('blocks-writes', 'writes wait until the index is built')] : []),
    ...(index.unique ? [failsOnRows('duplicate values stop it')] : []),
  ];
}
