import type { DialectName } from '../../schema/schema.ts';

/** The kinds of databases that a history may be for. */
export const allDialects: readonly DialectName[] = ['postgres', 'mysql', 'sqlite'];

/** The kind of a name that people use for it; `null`: there is none. */
export function dialectOf(name: string): DialectName | null {
  const word = name.toLowerCase();
  if (word === 'postgresql') return 'postgres';
  if (word === 'mariadb') return 'mysql';
  return allDialects.find((one) => one === word) ?? null;
}
