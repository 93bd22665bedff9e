import { SurefootError } from '../kernel/errors.ts';

/** The refusal of a history for a database that Surefoot does not know. */
export function refuseProduct(title: string, product: string): never {
  throw new SurefootError('import/other-database', `the migrations of ${title} are for ${product}`, {
    details: { expected: 'postgres, mysql or sqlite', found: product },
    hint: 'Surefoot works with PostgreSQL, MySQL, MariaDB and SQLite.',
  });
}
