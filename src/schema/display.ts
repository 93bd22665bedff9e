import type { Part, PartKind } from './parts.ts';
import type {
  Check,
  Column,
  ColumnDefault,
  ColumnType,
  Deferrable,
  Enum,
  ForeignKey,
  Identity,
  Index,
  IndexPart,
  PrimaryKey,
  ReferentialAction,
  Routine,
  Sequence,
  Table,
  Trigger,
  Unique,
  View,
} from './schema.ts';
import { displayRef } from './schema.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const listed = (names: readonly string[]): string => `(${names.join(', ')})`;

const withArguments = (name: string, ...values: readonly (number | null)[]): string => {
  const given = values.filter((value) => value !== null);
  return given.length === 0 ? name : `${name}(${given.join(',')})`;
};

/** A type in words, the same on every family; for messages, not for SQL. */
export function displayType(type: ColumnType): string {
  switch (type.kind) {
    case 'varchar':
    case 'char':
    case 'binary':
      return withArguments(type.kind, type.length);
    case 'numeric':
      return withArguments('numeric', type.precision, type.scale);
    case 'time':
    case 'timestamp':
      return withArguments(type.kind, type.precision) + (type.zone ? ' with time zone' : '');
    case 'enum':
      return type.name === null
        ? `enum${listed(type.values.map(quoted))}`
        : `enum ${displayRef({ namespace: type.namespace, name: type.name })} ${listed(type.values.map(quoted))}`;
    case 'native':
      return typeof type.sql === 'string' ? type.sql : Object.values(type.sql).join(' / ');
    default:
      return type.kind;
  }
}

/** A default in words. */
export function displayDefault(value: ColumnDefault): string {
  if (value.kind === 'expression') return `(${value.sql})`;
  return typeof value.value === 'string' ? quoted(value.value) : String(value.value);
}

function identityWords({ mode, start, increment }: Identity): string {
  const always = mode === 'always' ? ' always' : '';
  const from = start === null ? '' : ` start ${start}`;
  return `identity${always}${from}${increment === null ? '' : ` increment ${increment}`}`;
}

/** A column in words: type and all that differs from a plain nullable column. */
export function displayColumn(column: Omit<Column, 'name'>): string {
  const words = [displayType(column.type)];
  if (!column.nullable) words.push('not null');
  if (column.default) words.push(`default ${displayDefault(column.default)}`);
  if (column.identity) words.push(identityWords(column.identity));
  if (column.generated)
    words.push(`generated as (${column.generated.sql})${column.generated.stored ? ' stored' : ''}`);
  if (column.onUpdate) words.push(`on update ${column.onUpdate}`);
  if (column.collation) words.push(`collate ${column.collation}`);
  if (column.comment !== null) words.push(`comment ${quoted(column.comment)}`);
  return words.join(' ');
}

const spaced = (word: string): string => word.replaceAll('-', ' ');

/** Words that apply, in order. */
function words(...given: readonly (string | null | false)[]): string {
  return given.filter((word) => word !== null && word !== false && word !== '').join(' ');
}

const deferrableWords = (deferrable: Deferrable): string | false =>
  deferrable !== 'no' && `deferrable ${spaced(deferrable)}`;
const validWords = (text: string, { valid }: { readonly valid: boolean }): string =>
  valid ? text : `${text}, not valid`;
const actionWords = (event: 'delete' | 'update', action: ReferentialAction): string | false =>
  action !== 'no-action' && `on ${event} ${spaced(action)}`;

function tableWords({ options }: Pick<Table, 'options'>): string {
  const said = Object.entries(options).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? quoted(value) : value}`,
  );
  return said.length === 0 ? 'table' : `table with { ${said.join(', ')} }`;
}

function uniqueWords({ columns, nullsNotDistinct, deferrable }: Unique): string {
  return words(
    'unique',
    listed(columns),
    nullsNotDistinct && 'nulls not distinct',
    deferrableWords(deferrable),
  );
}

function foreignKeyWords(key: ForeignKey): string {
  const { columns, references, onDelete, onUpdate, deferrable } = key;
  const text = words(
    `foreign key ${listed(columns)} references ${displayRef(references.table)} ${listed(references.columns)}`,
    actionWords('delete', onDelete),
    actionWords('update', onUpdate),
    deferrableWords(deferrable),
  );
  return validWords(text, key);
}

function indexPartWords(part: IndexPart): string {
  const { column, sql, length, collation, operatorClass, descending, nulls } = part;
  return words(
    (column ?? `(${sql})`) + (length === null ? '' : `(${length})`),
    collation !== null && `collate ${collation}`,
    operatorClass,
    descending && 'desc',
    nulls !== null && `nulls ${nulls}`,
  );
}

function indexWords(index: Index): string {
  const { unique, parts, method, include, nullsNotDistinct, where } = index;
  const text = words(
    unique && 'unique',
    `index ${listed(parts.map(indexPartWords))}`,
    method !== null && `using ${method}`,
    include.length > 0 && `include ${listed(include)}`,
    nullsNotDistinct && 'nulls not distinct',
    where !== null && `where ${where}`,
  );
  return validWords(text, index);
}

function sequenceWords({ start, increment, minimum, maximum, cycle }: Sequence): string {
  return words(
    `sequence start ${start} increment ${increment}`,
    minimum !== null && `minimum ${minimum}`,
    maximum !== null && `maximum ${maximum}`,
    cycle && 'cycle',
  );
}

/** What each kind of part is made of. */
interface Forms {
  readonly namespace: object;
  readonly enum: Enum;
  readonly sequence: Sequence;
  readonly table: Pick<Table, 'options'>;
  readonly comment: { readonly comment: string };
  readonly column: Column;
  readonly 'primary-key': PrimaryKey;
  readonly unique: Unique;
  readonly 'foreign-key': ForeignKey;
  readonly check: Check;
  readonly index: Index;
  readonly view: View;
  readonly routine: Routine;
  readonly trigger: Trigger;
}

const inWords: { readonly [K in PartKind]: (form: Forms[K]) => string } = {
  namespace: () => 'namespace',
  enum: ({ values }) => `enum ${listed(values.map(quoted))}`,
  sequence: sequenceWords,
  table: tableWords,
  comment: ({ comment }) => `comment ${quoted(comment)}`,
  column: displayColumn,
  'primary-key': ({ name, columns }) => words('primary key', name, listed(columns)),
  unique: uniqueWords,
  'foreign-key': foreignKeyWords,
  check: (check) => validWords(`check (${check.sql})`, check),
  index: indexWords,
  view: ({ materialized, sql }) => words(materialized && 'materialized', `view as ${sql}`),
  routine: ({ sql }) => sql,
  trigger: ({ sql }) => sql,
};

/** A part's form in words, for messages that show both sides; what differs reads differently. */
export function displayForm(part: Part | null): string {
  if (part === null) return 'not there';
  const say = inWords[part.kind] as (form: object) => string;
  return say(part.form);
}
