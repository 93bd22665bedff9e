import type { Connection } from '../../dialect/connection.ts';

/** True where none of the account's grants lets it see triggers: the server then shows none. */
export async function hidesTriggers(connection: Connection): Promise<boolean> {
  const { rows } = await connection.query('SHOW GRANTS');
  const grants = rows.flatMap((row) => Object.values(row).map(String));
  return !grants.some((grant) => /^GRANT [^`]*\b(TRIGGER|ALL PRIVILEGES)\b/.test(grant));
}

/** What the current user may do on the whole server, as far as it is granted directly. */
export async function grantsOf(connection: Connection): Promise<{ has(privilege: string): boolean }> {
  const { rows } = await connection.query('SHOW GRANTS FOR CURRENT_USER()');
  const everywhere = rows
    .flatMap((row) => Object.values(row).map(String))
    .flatMap((grant) => /^GRANT (.*?) ON \*\.\* TO /s.exec(grant)?.[1]?.split(', ') ?? []);
  return {
    has: (privilege) => everywhere.includes(privilege) || everywhere.includes('ALL PRIVILEGES'),
  };
}
