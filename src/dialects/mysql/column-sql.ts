import type {
  Check,
  Column,
  ForeignKey,
  Index,
  IndexPart,
  ReferentialAction,
  Table,
} from '../../schema/schema.ts';
import { displayRef } from '../../schema/schema.ts';
import { defaultSql } from './defaults.ts';
import { columnCheck } from './mariadb.ts';
import { unsupported } from './pieces.ts';
import { literal, quote, quoteList, quoteRef } from './quote.ts';
import type { MysqlTraits } from './traits.ts';
import { isLong, typeSql } from './types.ts';

function generatedSql(column: Column, traits: MysqlTraits): string {
  if (column.generated === null) return '';
  const kind = column.generated.stored ? 'STORED' : 'VIRTUAL';
  const nullability = traits.flavor === 'mariadb' ? '' : column.nullable ? ' NULL' : ' NOT NULL';
  return ` GENERATED ALWAYS AS (${column.generated.sql}) ${kind}${nullability}`;
}

/** NULL and DEFAULT are always said: what a timestamp is without them depends on the server's settings. */
function valueSql(column: Column, traits: MysqlTraits): string {
  if (column.generated !== null) return '';
  const nullability = column.nullable ? ' NULL' : ' NOT NULL';
  if (column.identity !== null) return `${nullability} AUTO_INCREMENT`;
  const value = column.default === null && !column.nullable ? '' : ` DEFAULT ${defaultSql(column, traits)}`;
  const shown = column.default === null && isLong(column.type) && traits.flavor === 'mysql' ? '' : value;
  return nullability + shown + (column.onUpdate === null ? '' : ` ON UPDATE ${column.onUpdate}`);
}

/** A whole definition. MODIFY forgets what it does not repeat, so there is no shorter one. */
export function columnSql(column: Column, table: Table, traits: MysqlTraits): string {
  const collation = column.collation === null ? '' : ` COLLATE ${quote(column.collation)}`;
  const comment = column.comment === null ? '' : ` COMMENT ${literal(column.comment)}`;
  const own = columnCheck(table, column.name, traits);
  const check = own ? ` CHECK (${own.sql})` : '';
  const type = `${quote(column.name)} ${typeSql(column.type, traits)}${collation}`;
  return `${type}${generatedSql(column, traits)}${valueSql(column, traits)}${comment}${check}`;
}

function partSql(part: IndexPart): string {
  const length = part.length === null ? '' : `(${part.length})`;
  const key = part.column === null ? `(${part.sql ?? ''})` : quote(part.column) + length;
  return part.descending ? `${key} DESC` : key;
}

function refuse(index: Index, what: string, hint: string): never {
  throw unsupported('createIndex', `index ${index.name ?? ''} ${what}`, hint);
}

/** Refuses what this server has no index for, before anything runs. */
function demandIndex(index: Index, table: Table, traits: MysqlTraits): void {
  if (index.where !== null)
    refuse(index, 'has a condition, and this server has no partial indexes', 'leave it out');
  if (index.nullsNotDistinct)
    refuse(index, 'treats nulls as equal, which this server cannot', 'make the columns NOT NULL');
  if (traits.flavor === 'mariadb' && index.parts.some((part) => part.sql !== null)) {
    refuse(index, 'has an expression, and MariaDB indexes columns only', 'index a generated column instead');
  }
  if (index.method !== null && !['fulltext', 'spatial', 'vector'].includes(index.method)) {
    refuse(
      index,
      `wants the method ${index.method}, which this server does not have`,
      'leave the method out',
    );
  }
  demandPrefix(index, table, traits);
}

function demandPrefix(index: Index, table: Table, traits: MysqlTraits): void {
  const hashes = traits.flavor === 'mariadb' && index.unique;
  if (index.method !== null || hashes) return;
  for (const part of index.parts) {
    const column = table.columns.find((one) => one.name === part.column);
    if (column && part.length === null && isLong(column.type)) {
      refuse(
        index,
        `covers ${displayRef(table)}.${column.name}, a column of unlimited text`,
        'give a prefix length',
      );
    }
  }
}

/** An index as it stands in CREATE TABLE or after ADD. */
export function indexSql(index: Index, table: Table, traits: MysqlTraits): string {
  demandIndex(index, table, traits);
  const kind = index.unique ? 'UNIQUE ' : index.method === null ? '' : `${index.method.toUpperCase()} `;
  return `${kind}INDEX ${quote(index.name ?? '')} (${index.parts.map(partSql).join(', ')})`;
}

const actions: Readonly<Record<ReferentialAction, string>> = {
  'no-action': '',
  restrict: '',
  cascade: 'CASCADE',
  'set-null': 'SET NULL',
  'set-default': 'SET DEFAULT',
};

function actionSql(moment: 'DELETE' | 'UPDATE', value: ReferentialAction): string {
  if (value === 'set-default') {
    throw unsupported('addForeignKey', 'InnoDB has no SET DEFAULT for foreign keys', 'choose another action');
  }
  return actions[value] === '' ? '' : ` ON ${moment} ${actions[value]}`;
}

/** A foreign key as it stands in CREATE TABLE or after ADD. */
export function foreignKeySql(key: ForeignKey): string {
  const target = `${quoteRef(key.references.table)} (${quoteList(key.references.columns)})`;
  const rules = actionSql('DELETE', key.onDelete) + actionSql('UPDATE', key.onUpdate);
  const name = key.name === null ? '' : `CONSTRAINT ${quote(key.name)} `;
  return `${name}FOREIGN KEY (${quoteList(key.columns)}) REFERENCES ${target}${rules}`;
}

/** A check as it stands in CREATE TABLE or after ADD. */
export function checkSql(check: Check): string {
  const name = check.name === null ? '' : `CONSTRAINT ${quote(check.name)} `;
  return `${name}CHECK (${check.sql})${check.valid ? '' : ' NOT ENFORCED'}`;
}
