import { mysqlSyntax } from '../../dialects/mysql/traits.ts';
import { postgresSyntax } from '../../dialects/postgres/traits.ts';
import { sqliteSyntax } from '../../dialects/sqlite/traits.ts';
import type { SqlSyntax } from '../../kernel/sql-text.ts';
import type { DialectName } from '../../schema/schema.ts';

const syntaxes: Readonly<Record<DialectName, SqlSyntax>> = {
  postgres: postgresSyntax,
  mysql: mysqlSyntax,
  sqlite: sqliteSyntax,
};

/** How a family's SQL is cut. */
export const syntaxOf = (dialect: DialectName): SqlSyntax => syntaxes[dialect];
