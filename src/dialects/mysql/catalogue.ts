import type { Connection, Row } from '../../dialect/connection.ts';
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
const queries: { readonly [K in keyof Catalogue]: Query } = {
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
  foreignKeys: () => `
    SELECT k.table_name AS 'table_name', k.constraint_name AS 'name', k.column_name AS 'column_name',
      NULLIF(k.referenced_table_schema, DATABASE()) AS 'namespace', k.referenced_table_name AS 'parent',
      k.referenced_column_name AS 'parent_column', r.delete_rule AS 'on_delete', r.update_rule AS 'on_update'
    FROM information_schema.key_column_usage k
    JOIN information_schema.referential_constraints r
      ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
      AND r.table_name = k.table_name
    WHERE k.table_schema = DATABASE() AND k.constraint_schema = DATABASE() AND k.referenced_table_name IS NOT NULL
    ORDER BY k.table_name, k.constraint_name, k.ordinal_position`,
  checks: (traits) =>
    isMysql(traits)
      ? `SELECT t.table_name AS 'table_name', t.constraint_name AS 'name', c.check_clause AS 'clause',
          t.enforced AS 'enforced', 'Table' AS 'level'
        FROM information_schema.table_constraints t
        JOIN information_schema.check_constraints c
          ON c.constraint_schema = t.constraint_schema AND c.constraint_name = t.constraint_name
        WHERE t.table_schema = DATABASE() AND t.constraint_type = 'CHECK' ORDER BY t.table_name, t.constraint_name`
      : `SELECT table_name AS 'table_name', constraint_name AS 'name', check_clause AS 'clause', 'YES' AS 'enforced',
          level AS 'level'
        FROM information_schema.check_constraints WHERE constraint_schema = DATABASE()
        ORDER BY table_name, constraint_name`,
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
};

/** Reads the catalogue: one query for each kind of object, whatever their number. */
export async function readCatalogue(connection: Connection, traits: MysqlTraits): Promise<Catalogue> {
  const rows = async (kind: keyof Catalogue) => (await connection.query(queries[kind](traits))).rows;
  return {
    tables: await rows('tables'),
    columns: await rows('columns'),
    indexes: await rows('indexes'),
    foreignKeys: await rows('foreignKeys'),
    checks: await rows('checks'),
    views: await rows('views'),
    triggers: await rows('triggers'),
    routines: await rows('routines'),
    parameters: await rows('parameters'),
    events: await rows('events'),
  };
}
