/**
 * The words of an expression: strings and comments passed over, quoted identifiers in any of the three quotes.
 * A bare word before a parenthesis is a function. Good enough to find a column's name in a check or an index expression,
 * on every family.
 */
const pattern =
  /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|\[([^\]]*)\]|([\p{L}_][\p{L}\p{N}_$]*)(?!\s*\(|[\p{L}\p{N}_$])/gu;

/** True if the expression mentions that identifier, quoted or bare. */
export function mentions(sql: string, identifier: string): boolean {
  for (const [, double, back, bracket, bare] of sql.matchAll(pattern)) {
    if (double?.replaceAll('""', '"') === identifier || back?.replaceAll('``', '`') === identifier)
      return true;
    if (bracket === identifier || bare?.toLowerCase() === identifier.toLowerCase()) return true;
  }
  return false;
}

const simple = /^[a-z_][a-z0-9_]*$/;

/** The expression with one identifier replaced by another, each in the quotes it had. */
export function renameIn(sql: string, from: string, to: string): string {
  return sql.replace(pattern, (whole, ...quoted: readonly (string | undefined)[]) => {
    const [double, back, bracket, bare] = quoted;
    if (double?.replaceAll('""', '"') === from) return `"${to.replaceAll('"', '""')}"`;
    if (back?.replaceAll('``', '`') === from) return `\`${to.replaceAll('`', '``')}\``;
    if (bracket === from) return `[${to}]`;
    if (bare?.toLowerCase() === from.toLowerCase())
      return simple.test(to) ? to : `"${to.replaceAll('"', '""')}"`;
    return whole;
  });
}
