/** The number of edits between two words; more than `limit` is `limit + 1`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return Math.min(row[b.length] ?? 0, limit + 1);
}

function nearest(known: Iterable<string>, score: (name: string) => number | null): readonly string[] {
  const scored: { name: string; score: number }[] = [];
  for (const name of known) {
    const points = score(name);
    if (points !== null) scored.push({ name, score: points });
  }
  scored.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1));
  return scored.slice(0, 5).map(({ name }) => name);
}

/** The known words that differ from a given one by a slip or two, nearest first, at most five. */
export function slipsOf(given: string, known: Iterable<string>): readonly string[] {
  if (given.length > 255) return [];
  const word = given.toLowerCase();
  const limit = word.length < 5 ? 1 : 2;
  return nearest(known, (name) => {
    const points = distance(word, name.toLowerCase(), limit);
    return points <= limit ? points : null;
  });
}

/** The names that somebody may have meant: slips, and those that begin alike. */
export function nearNames(given: string, known: Iterable<string>): readonly string[] {
  if (given.length > 255) return [];
  const word = given.toLowerCase();
  const limit = word.length < 5 ? 1 : 2;
  return nearest(known, (name) => {
    const other = name.toLowerCase();
    const isShort = Math.min(word.length, other.length) < 4;
    if (!isShort && (other.startsWith(word) || word.startsWith(other))) return 1;
    const points = distance(word, other, limit);
    return points <= limit ? points : null;
  });
}

/** "Did you mean …?" for a hint; `undefined` where there is nothing to suggest. */
export function didYouMean(names: readonly string[]): string | undefined {
  return names.length > 0 ? `Did you mean ${names.join(' or ')}?` : undefined;
}
