import type { Connection, Row } from '../../dialect/connection.ts';
import { textOf } from '../../dialect/rows.ts';
import type { MysqlTraits } from './traits.ts';

/** The rows of the catalogue for the current database, one list for each kind of object. */
export interface Catalogue {
  readonly tables: readonly Row[];
  readonly columns: readonly Row[];
  readonly indexes: readonly Row[];
  readonly foreignKeys: readonly Row[];
  readonly checks: readonly Row[];
  readonly views: readonly Row[];
  readonly triggers: readonly Row[];
  readonly routines: readonly Row[];
  readonly parameters: readonly Row[];
  readonly events: readonly Row[];
}

type Query = (traits: MysqlTraits) => string;

const isMysql = (traits: MysqlTraits): boolean => traits.flavor === 'mysql';

// Headings are upper case on MySQL and lower case on MariaDB, so every column has an alias.
const queries = {
  tables: () => `
    SELECT table_name AS 'name', table_type AS 'type', engine AS 'engine', table_collation AS 'collation',
      create_options AS 'options', table_comment AS 'remark'
    FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name`,
  columns: (traits) => `
    SELECT table_name AS 'table_name', column_name AS 'name', column_default AS 'value', is_nullable AS 'nullable',
      column_type AS 'type', extra AS 'extra', generation_expression AS 'generated', collation_name AS 'collation',
      column_comment AS 'remark', ${isMysql(traits) ? 'srs_id' : 'NULL'} AS 'srid'
    FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position`,
  indexes: (traits) => `
    SELECT table_name AS 'table_name', index_name AS 'name', non_unique AS 'non_unique', column_name AS 'column_name',
      ${isMysql(traits) ? 'expression' : 'NULL'} AS 'expression', collation AS 'direction', sub_part AS 'prefix',
      index_type AS 'method'
    FROM information_schema.statistics WHERE table_schema = DATABASE()
    ORDER BY table_name, index_name, seq_in_index`,
  keyColumns: () => `
    SELECT table_name AS 'table_name', constraint_name AS 'name', column_name AS 'column_name',
      NULLIF(referenced_table_schema, DATABASE()) AS 'namespace', referenced_table_name AS 'parent',
      referenced_column_name AS 'parent_column'
    FROM information_schema.key_column_usage
    WHERE table_schema = DATABASE() AND constraint_schema = DATABASE() AND referenced_table_name IS NOT NULL
    ORDER BY table_name, constraint_name, ordinal_position`,
  keyRules: () => `
    SELECT table_name AS 'table_name', constraint_name AS 'name', delete_rule AS 'on_delete', update_rule AS 'on_update'
    FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE()`,
  checks: (traits) =>
    isMysql(traits)
      ? `SELECT table_name AS 'table_name', constraint_name AS 'name', enforced AS 'enforced'
        FROM information_schema.table_constraints
        WHERE table_schema = DATABASE() AND constraint_type = 'CHECK' ORDER BY table_name, constraint_name`
      : `SELECT table_name AS 'table_name', constraint_name AS 'name', check_clause AS 'clause', level AS 'level',
          'YES' AS 'enforced'
        FROM information_schema.check_constraints WHERE constraint_schema = DATABASE()
        ORDER BY table_name, constraint_name`,
  // Names of checks are unique in a database of MySQL, whose list of their texts does not name the tables.
  checkTexts: (traits) =>
    isMysql(traits)
      ? `SELECT constraint_name AS 'name', check_clause AS 'clause'
        FROM information_schema.check_constraints WHERE constraint_schema = DATABASE()`
      : "SELECT NULL AS 'name', NULL AS 'clause' FROM (SELECT 1) AS nothing WHERE FALSE",
  views: () => `
    SELECT table_name AS 'name', view_definition AS 'definition', check_option AS 'check_option'
    FROM information_schema.views WHERE table_schema = DATABASE() ORDER BY table_name`,
  triggers: () => `
    SELECT trigger_name AS 'name', event_manipulation AS 'event', event_object_table AS 'table_name',
      action_statement AS 'body', action_timing AS 'timing'
    FROM information_schema.triggers
    WHERE trigger_schema = DATABASE() AND event_object_schema = DATABASE()
    ORDER BY event_object_table, action_timing, event_manipulation, action_order`,
  routines: () => `
    SELECT routine_name AS 'name', routine_type AS 'type', dtd_identifier AS 'returns', routine_definition AS 'body',
      is_deterministic AS 'deterministic', sql_data_access AS 'access', security_type AS 'security',
      routine_comment AS 'remark', character_set_name AS 'charset', collation_name AS 'collation'
    FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY routine_name, routine_type`,
  parameters: () => `
    SELECT specific_name AS 'routine', routine_type AS 'type', parameter_mode AS 'mode', parameter_name AS 'name',
      dtd_identifier AS 'data_type', character_set_name AS 'charset', collation_name AS 'collation'
    FROM information_schema.parameters WHERE specific_schema = DATABASE() AND ordinal_position > 0
    ORDER BY specific_name, routine_type, ordinal_position`,
  events: () => `
    SELECT event_name AS 'name' FROM information_schema.events WHERE event_schema = DATABASE() ORDER BY event_name`,
} as const satisfies Readonly<Record<string, Query>>;

/** Rows with what other rows of the same key say besides. Servers join these lists in quadratic time, so we do it. */
function joined(rows: readonly Row[], others: readonly Row[], key: (row: Row) => string): readonly Row[] {
  const known = new Map(others.map((row) => [key(row), row]));
  return rows.map((row) => ({ ...known.get(key(row)), ...row }));
}

const byName = (row: Row): string => textOf(row, 'name') ?? '';
const byTableAndName = (row: Row): string => JSON.stringify([textOf(row, 'table_name'), textOf(row, 'name')]);

/** Reads the catalogue: one query for each kind of object, whatever their number. */
export async function readCatalogue(connection: Connection, traits: MysqlTraits): Promise<Catalogue> {
  const rows = async (kind: keyof typeof queries) => (await connection.query(queries[kind](traits))).rows;
  return {
    tables: await rows('tables'),
    columns: await rows('columns'),
    indexes: await rows('indexes'),
    foreignKeys: joined(await rows('keyColumns'), await rows('keyRules'), byTableAndName),
    checks: joined(await rows('checks'), await rows('checkTexts'), byName),
    views: await rows('views'),
    triggers: await rows('triggers'),
    routines: await rows('routines'),
    parameters: await rows('parameters'),
    events: await rows('events'),
  };
}
