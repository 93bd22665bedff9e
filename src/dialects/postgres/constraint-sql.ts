import { invariant } from '../../kernel/invariant.ts';
import type {
  Check,
  Deferrable,
  ForeignKey,
  Index,
  IndexPart,
  PrimaryKey,
  ReferentialAction,
  TableRef,
  Unique,
} from '../../schema/schema.ts';
import type { Context } from './pieces.ts';
import { unsupported } from './pieces.ts';
import { quoteCollation, quoteIdentifier, quoteList, quoteRef } from './quote.ts';

/** The name of a part; all are named before they are written. */
export function nameOf(part: { readonly name: string | null }): string {
  invariant(part.name !== null, 'a constraint or index is written without a name');
  return part.name;
}

function constraint(part: { readonly name: string | null }): string {
  return `CONSTRAINT ${quoteIdentifier(nameOf(part))}`;
}

const deferrableSql: Readonly<Record<Deferrable, string>> = {
  no: '',
  'initially-immediate': ' DEFERRABLE INITIALLY IMMEDIATE',
  'initially-deferred': ' DEFERRABLE INITIALLY DEFERRED',
};

const actionSql: Readonly<Record<ReferentialAction, string>> = {
  'no-action': 'NO ACTION',
  restrict: 'RESTRICT',
  cascade: 'CASCADE',
  'set-null': 'SET NULL',
  'set-default': 'SET DEFAULT',
};

function nullsSql(part: { readonly nullsNotDistinct: boolean }, context: Pick<Context, 'major'>): string {
  if (!part.nullsNotDistinct) return '';
  if (context.major >= 15) return ' NULLS NOT DISTINCT';
  throw unsupported(
    'NULLS NOT DISTINCT',
    `PostgreSQL ${context.major} does not have NULLS NOT DISTINCT.`,
    'Use PostgreSQL 15 or newer, or a unique index over an expression.',
  );
}

export function primaryKeySql(primaryKey: PrimaryKey): string {
  return `${constraint(primaryKey)} PRIMARY KEY ${quoteList(primaryKey.columns)}`;
}

export function uniqueSql(unique: Unique, context: Context): string {
  const nulls = nullsSql(unique, context);
  return `${constraint(unique)} UNIQUE${nulls} ${quoteList(unique.columns)}${deferrableSql[unique.deferrable]}`;
}

function onAction(event: 'DELETE' | 'UPDATE', action: ReferentialAction): string {
  return action === 'no-action' ? '' : ` ON ${event} ${actionSql[action]}`;
}

export function foreignKeySql(key: ForeignKey): string {
  const { table, columns } = key.references;
  const target = columns.length === 0 ? '' : ` ${quoteList(columns)}`;
  const actions = `${onAction('DELETE', key.onDelete)}${onAction('UPDATE', key.onUpdate)}`;
  const reference = `REFERENCES ${quoteRef(table)}${target}${actions}${deferrableSql[key.deferrable]}`;
  return `${constraint(key)} FOREIGN KEY ${quoteList(key.columns)} ${reference}`;
}

export function checkSql(check: Check): string {
  return `${constraint(check)} CHECK (${check.sql})`;
}

function indexPartSql(part: IndexPart): string {
  const subject = part.column === null ? `(${part.sql ?? ''})` : quoteIdentifier(part.column);
  const collation = part.collation === null ? '' : ` COLLATE ${quoteCollation(part.collation)}`;
  const operatorClass = part.operatorClass === null ? '' : ` ${part.operatorClass}`;
  const direction = part.descending ? ' DESC' : '';
  const nulls = part.nulls === null ? '' : ` NULLS ${part.nulls.toUpperCase()}`;
  return `${subject}${collation}${operatorClass}${direction}${nulls}`;
}

/** CREATE INDEX, plain or CONCURRENTLY. */
export function indexSql(table: TableRef, index: Index, { concurrently, major }: IndexManner): string {
  const unique = index.unique ? 'UNIQUE ' : '';
  const manner = concurrently ? 'CONCURRENTLY ' : '';
  const method = index.method === null ? '' : ` USING ${quoteIdentifier(index.method)}`;
  const parts = index.parts.map(indexPartSql).join(', ');
  const include = index.include.length === 0 ? '' : ` INCLUDE ${quoteList(index.include)}`;
  const nulls = nullsSql(index, { major });
  const where = index.where === null ? '' : ` WHERE ${index.where}`;
  const head = `CREATE ${unique}INDEX ${manner}${quoteIdentifier(nameOf(index))} ON ${quoteRef(table)}`;
  return `${head}${method} (${parts})${include}${nulls}${where}`;
}

interface IndexManner {
  readonly concurrently: boolean;
  readonly major: number;
}
