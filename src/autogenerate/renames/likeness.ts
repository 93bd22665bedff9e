/** A name without what people change when they rename: case and separators. */
const bare = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

function pairsOf(text: string): readonly string[] {
  const letters = [...text];
  return letters.slice(1).map((letter, i) => `${letters[i]}${letter}`);
}

/** The share of pairs of neighbouring letters that two words have in common. */
function sharedPairs(a: string, b: string): number {
  const [left, right] = [pairsOf(a), [...pairsOf(b)]];
  const total = left.length + right.length;
  const shared = left.filter((pair) => {
    const at = right.indexOf(pair);
    if (at >= 0) right.splice(at, 1);
    return at >= 0;
  });
  return total === 0 ? 0 : (2 * shared.length) / total;
}

const shortestPart = 3;

/** How much two names look like names of one thing: 0 (not at all) to 1 (but for case and separators the same). */
export function likeness(a: string, b: string): number {
  const [left, right] = [bare(a), bare(b)];
  if (left === right) return left === '' ? 0 : 1;
  const [short, long] = left.length < right.length ? [left, right] : [right, left];
  if (short.length >= shortestPart && long.includes(short)) return 0.8;
  return sharedPairs(left, right);
}
