/** `CREATE FUNCTION` as `CREATE OR REPLACE FUNCTION`, so that it may be there already. */
export function createdAnew(sql: string): string {
  return sql.replace(/^(\s*CREATE)\s+(?:OR\s+REPLACE\s+)?(FUNCTION|PROCEDURE)\b/i, '$1 OR REPLACE $2');
}

const words = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*|\./gu;

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Where a CREATE TRIGGER names its table; `null`: that cannot be told. */
function placeOfTable(sql: string): Place | null {
  const tokens = [...sql.matchAll(words)].filter(([token]) => !/^(--|\/\*|')/.test(token));
  const on = tokens.findIndex(([token]) => token.toLowerCase() === 'on');
  const first = tokens[on + 1];
  if (on < 0 || first === undefined) return null;
  const last = tokens[on + 2]?.[0] === '.' ? (tokens[on + 3] ?? first) : first;
  return { start: first.index, end: last.index + last[0].length };
}

/** A CREATE TRIGGER on another table; `null` where it cannot be told which it is on. */
export function onTable(sql: string, table: string): string | null {
  const place = placeOfTable(sql);
  return place && sql.slice(0, place.start) + table + sql.slice(place.end);
}
