/** The candidate that a mistyped word most likely means; `null`: none is near. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const limit = Math.max(1, Math.floor(word.length / 3));
  const measured = candidates.map((candidate) => ({ candidate, distance: distance(word, candidate) }));
  const [best] = measured.filter((one) => one.distance <= limit).sort((a, b) => a.distance - b.distance);
  return best?.candidate ?? null;
}

/** Edits between two words without regard to case; two neighbours swapped count as one. */
function distance(from: string, to: string): number {
  const [a, b] = [from.toLowerCase(), to.toLowerCase()];
  let earlier: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const steps = [
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
      ];
      if (swapped) steps.push(at(earlier, column - 2) + 1);
      current.push(Math.min(...steps));
    }
    earlier = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
