import type { DialectName, Flavor } from '../schema/schema.ts';

/** Each server that a revision can be asked for, as its functions are told. */
export const everyServer: readonly { readonly dialect: DialectName; readonly flavor: Flavor }[] = [
  { dialect: 'postgres', flavor: 'postgres' },
  { dialect: 'mysql', flavor: 'mysql' },
  { dialect: 'mysql', flavor: 'mariadb' },
  { dialect: 'sqlite', flavor: 'sqlite' },
];
