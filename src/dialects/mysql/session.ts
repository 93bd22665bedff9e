import type { MysqlTraits } from './traits.ts';

const modes = [
  'STRICT_TRANS_TABLES',
  'STRICT_ALL_TABLES',
  'NO_ZERO_IN_DATE',
  'NO_ZERO_DATE',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'NO_ENGINE_SUBSTITUTION',
];

/** A year is the longest that the server allows. */
const longestIdle = 31_536_000;

/** The statements that pin a session. */
export function sessionSetup(traits: MysqlTraits): readonly string[] {
  const settings = [
    'SET NAMES utf8mb4',
    `SET SESSION sql_mode = '${modes.join(',')}'`,
    "SET SESSION time_zone = '+00:00'",
    'SET SESSION autocommit = 1',
    'SET SESSION foreign_key_checks = 1',
    'SET SESSION unique_checks = 1',
    'SET SESSION sql_quote_show_create = 1',
    'SET SESSION default_storage_engine = InnoDB',
    // The named lock lives as long as the session, which may idle while a person thinks.
    `SET SESSION wait_timeout = ${longestIdle}`,
    'SET SESSION net_read_timeout = 600',
    'SET SESSION net_write_timeout = 600',
    // A waiting ALTER makes every reader behind it wait too: the server's own limit is a year.
    'SET SESSION lock_wait_timeout = 30',
    'SET SESSION innodb_lock_wait_timeout = 30',
  ];
  // Checks are switched off by a session that restored a dump.
  return traits.flavor === 'mariadb' ? [...settings, 'SET SESSION check_constraint_checks = 1'] : settings;
}
