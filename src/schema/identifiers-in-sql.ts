/**
 * The words of an expression: strings and comments passed over, quoted identifiers in any of the three quotes.
 * A bare word before a parenthesis is a function. Good enough to find a column's name in a check or an index expression,
 * on every family.
 */
const pattern =
  /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|\[([^\]]*)\]|([\p{L}_][\p{L}\p{N}_$]*)(?!\s*\(|[\p{L}\p{N}_$])/gu;

/** Words that name nothing, on any family, unless they are quoted. */
const keywords: ReadonlySet<string> = new Set(
  `and as asc between case check collate current_date current_time current_timestamp default desc distinct else exists
  from group having in is like not null or order select then union when where`.split(/\s+/),
);

/** The bare word means this identifier. */
function isBare(word: string | undefined, identifier: string): boolean {
  const lower = word?.toLowerCase();
  return lower !== undefined && lower === identifier.toLowerCase() && !keywords.has(lower);
}

/** True if the expression mentions that identifier, quoted or bare. */
export function mentions(sql: string, identifier: string): boolean {
  for (const [, double, back, bracket, bare] of sql.matchAll(pattern)) {
    if (double?.replaceAll('""', '"') === identifier || back?.replaceAll('``', '`') === identifier)
      return true;
    if (bracket === identifier || isBare(bare, identifier)) return true;
  }
  return false;
}

/** False only if the text surely does not say the name, not even as that of a table in front of a parenthesis; cheap. */
export const saysName = (sql: string, name: string): boolean =>
  /["`]/.test(name) || sql.toLowerCase().includes(name.toLowerCase());

const simple = /^[a-z_][a-z0-9_]*$/;

/** Words that no server takes for a column unless they are quoted. */
const reserved = new Set(
  (
    'all alter and any as asc between both by case cast char check collate column constraint create cross default delete ' +
    'desc distinct drop else end except exists false fetch for foreign from full grant group having in index inner insert ' +
    'intersect into is join key keys leading left like limit natural not null offset on or order outer primary rank ' +
    'references returning right row rows select set some table then to trailing true union unique update user using ' +
    'values when where window with'
  ).split(' '),
);

/** True for a name that means itself in every family's SQL without quotes. */
export function isPlainName(name: string): boolean {
  return simple.test(name) && !reserved.has(name);
}

/** The expression with one identifier replaced by another, each in the quotes it had. */
export function renameIn(sql: string, from: string, to: string): string {
  return sql.replace(pattern, (whole, ...quoted: readonly (string | undefined)[]) => {
    const [double, back, bracket, bare] = quoted;
    if (double?.replaceAll('""', '"') === from) return `"${to.replaceAll('"', '""')}"`;
    if (back?.replaceAll('``', '`') === from) return `\`${to.replaceAll('`', '``')}\``;
    if (bracket === from) return `[${to}]`;
    if (isBare(bare, from)) return isPlainName(to) ? to : `"${to.replaceAll('"', '""')}"`;
    return whole;
  });
}
