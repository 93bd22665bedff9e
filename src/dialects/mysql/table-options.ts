import type { TableOptions } from '../../schema/schema.ts';
import { literal } from './quote.ts';
import type { MysqlTraits } from './traits.ts';

/** Options that a table keeps, by the model's name and the server's. */
const known: Readonly<Record<string, string>> = {
  engine: 'ENGINE',
  collation: 'COLLATE',
  rowFormat: 'ROW_FORMAT',
  keyBlockSize: 'KEY_BLOCK_SIZE',
  statsPersistent: 'STATS_PERSISTENT',
  statsAutoRecalc: 'STATS_AUTO_RECALC',
  statsSamplePages: 'STATS_SAMPLE_PAGES',
  maxRows: 'MAX_ROWS',
  minRows: 'MIN_ROWS',
  avgRowLength: 'AVG_ROW_LENGTH',
  checksum: 'CHECKSUM',
  delayKeyWrite: 'DELAY_KEY_WRITE',
  packKeys: 'PACK_KEYS',
  compression: 'COMPRESSION',
  encryption: 'ENCRYPTION',
  encrypted: 'ENCRYPTED',
  pageCompressed: 'PAGE_COMPRESSED',
  pageCompressionLevel: 'PAGE_COMPRESSION_LEVEL',
  transactional: 'TRANSACTIONAL',
};

const modelNames = new Map(Object.entries(known).map(([name, sql]) => [sql, name]));

/** A collation under its present name: `utf8` has been `utf8mb3` since 8.0.30 and 10.6. */
export function currentCollation(name: string): string {
  return name.toLowerCase().replace(/^utf8_/, 'utf8mb3_');
}

/** The collation that the options ask for; `null`: that of the database. */
export function collationOfOptions(options: TableOptions, traits: MysqlTraits): string | null {
  if (options['collation'] !== undefined) return currentCollation(String(options['collation']));
  if (options['charset'] === undefined) return null;
  const charset = String(options['charset'])
    .toLowerCase()
    .replace(/^utf8$/, 'utf8mb3');
  return Object.hasOwn(traits.collationOf, charset) ? (traits.collationOf[charset] ?? null) : null;
}

/** The collation of a table's columns where they name none; `null`: not known. */
export function tableCollation(options: TableOptions, traits: MysqlTraits): string | null {
  return collationOfOptions(options, traits) ?? traits.collation;
}

function isDefault(name: string, value: string): boolean {
  if (name === 'engine') return value.toLowerCase() === 'innodb';
  return name === 'rowFormat' && ['DYNAMIC', 'DEFAULT'].includes(value);
}

/** The options that differ from what the server takes by itself. What other families have is taken away. */
export function normalizeOptions(options: TableOptions, traits: MysqlTraits): TableOptions {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(options)) {
    if (name === 'collation' || !Object.hasOwn(known, name)) continue;
    const text = name === 'rowFormat' ? String(value).toUpperCase() : String(value);
    if (!isDefault(name, text)) kept[name] = text;
  }
  const collation = collationOfOptions(options, traits);
  if (collation !== null && collation !== traits.collation) kept['collation'] = collation;
  // A character set whose default collation is not known stands as it is.
  else if (collation === null && options['charset'] !== undefined)
    kept['charset'] = String(options['charset']);
  if (options['partitioning'] !== undefined) kept['partitioning'] = String(options['partitioning']).trim();
  return kept;
}

/** Reads `row_format=COMPRESSED stats_persistent=0` of the catalogue. */
export function parseCreateOptions(text: string): TableOptions {
  const found = [...text.matchAll(/`?([A-Za-z_]+)`?=(?:'([^']*)'|"([^"]*)"|(\S+))/g)].map(
    ([, name = '', single, double, bare]) =>
      [modelNames.get(name.toUpperCase()), single ?? double ?? bare ?? ''] as const,
  );
  return Object.fromEntries(
    found.filter((entry): entry is readonly [string, string] => entry[0] !== undefined),
  );
}

const bare = /^[A-Za-z0-9_]+$/;
const quoted = new Set(['compression', 'encryption']);

/** What stands after the closing parenthesis of CREATE TABLE. */
export function optionsSql(options: TableOptions, comment: string | null): string {
  const engine = options['engine'] === undefined ? ['ENGINE=InnoDB'] : [];
  const parts = Object.entries(options)
    .filter(([name]) => Object.hasOwn(known, name))
    .map(
      ([name, value]) =>
        `${known[name]}=${bare.test(String(value)) && !quoted.has(name) ? value : literal(String(value))}`,
    );
  const charset =
    options['charset'] === undefined ? [] : [`CHARACTER SET=${literal(String(options['charset']))}`];
  const remark = comment === null ? [] : [`COMMENT=${literal(comment)}`];
  const partitioning = options['partitioning'] === undefined ? [] : [`\n${options['partitioning']}`];
  return [...engine, ...charset, ...parts, ...remark, ...partitioning].join(' ');
}
