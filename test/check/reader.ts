// A role that may read and do nothing else. In: a database. Out: its URL for that role.

import type { Bench } from '../matrix/bench.ts';

/** A role of its own for the test; it goes with the test. */
export async function openReader(bench: Bench): Promise<{ readonly url: string; gone(): Promise<void> }> {
  const url = new URL(bench.target.url ?? '');
  const database = url.pathname.slice(1);
  const role = `reader_${database}`.slice(0, 32);
  const isPostgres = bench.engine.startsWith('postgres');
  if (isPostgres)
    await bench.run(
      `CREATE ROLE ${role} LOGIN PASSWORD 'reader'`,
      `REVOKE TEMPORARY ON DATABASE ${database} FROM PUBLIC`,
      `GRANT USAGE ON SCHEMA public TO ${role}`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`,
    );
  else
    await bench.run(
      `CREATE USER ${role} IDENTIFIED BY 'reader'`,
      `GRANT SELECT, SHOW VIEW ON ${database}.* TO ${role}`,
    );
  url.username = role;
  url.password = 'reader';
  const drop = isPostgres ? [`DROP OWNED BY ${role}`, `DROP ROLE ${role}`] : [`DROP USER ${role}`];
  return { url: url.href, gone: () => bench.run(...drop) };
}
