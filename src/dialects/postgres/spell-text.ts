/** `CREATE FUNCTION` as `CREATE OR REPLACE FUNCTION`, so that it may be there already. */
export function createdAnew(sql: string): string {
  return sql.replace(/^(\s*CREATE)\s+(?:OR\s+REPLACE\s+)?(FUNCTION|PROCEDURE)\b/i, '$1 OR REPLACE $2');
}

const words = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*|\./gu;

/** True if a CREATE TRIGGER names its table without a namespace, so that a temporary table may stand in for it. */
export function isOnBareTable(sql: string): boolean {
  const tokens = [...sql.matchAll(words)]
    .map(([token]) => token)
    .filter((token) => !/^(--|\/\*|')/.test(token));
  const on = tokens.findIndex((token) => token.toLowerCase() === 'on');
  return on >= 0 && tokens[on + 2] !== '.';
}
