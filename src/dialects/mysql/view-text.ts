import { type Token, tokenize, unquoteName } from './tokens.ts';

const isName = (token: Token | undefined): token is Token => token?.kind === 'name' || token?.kind === 'word';

/**
 * A view's query without the name of the database that the server puts before each table, so that it can be created
 * elsewhere. Where the same name also stands for something else (an alias), the text is left as it is.
 */
export function withoutDatabase(sql: string, database: string): string {
  const tokens = tokenize(sql);
  const isDatabase = (i: number) =>
    tokens[i]?.kind === 'name' && unquoteName(tokens[i]?.text ?? '') === database;
  const alone = tokens.some(
    (_, i) => isDatabase(i) && tokens[i + 1]?.text !== '.' && tokens[i - 1]?.text !== '.',
  );
  if (alone) return sql;
  let text = '';
  let from = 0;
  for (const [i, token] of tokens.entries()) {
    if (!isDatabase(i) || tokens[i + 1]?.text !== '.' || tokens[i - 1]?.text === '.') continue;
    text += sql.slice(from, token.start);
    from = tokens[i + 2]?.start ?? sql.length;
  }
  return text + sql.slice(from);
}

/**
 * A view's query where a column that is given under its own name does not say it twice: the server writes an alias behind
 * every column. A renaming of the column then renames what the view gives, as it does in the author's words.
 */
export function withoutOwnNames(sql: string): string {
  const tokens = tokenize(sql);
  let text = '';
  let from = 0;
  for (const [i, token] of tokens.entries()) {
    const [before, column, alias] = [tokens[i - 2], tokens[i - 1], tokens[i + 1]];
    if (token.text.toUpperCase() !== 'AS' || before?.text !== '.' || !column || !isName(alias)) continue;
    if (!isName(column) || unquoteName(alias.text) !== unquoteName(column.text)) continue;
    text += sql.slice(from, column.start + column.text.length);
    from = alias.start + alias.text.length;
  }
  return text + sql.slice(from);
}
