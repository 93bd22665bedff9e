/** The lines that only one of two texts has, each in its order. Whole lines, trimmed at the end. */
export function diffLines(
  before: string,
  after: string,
): { readonly removed: readonly string[]; readonly added: readonly string[] } {
  const lines = (text: string) => text.split('\n').map((line) => line.trimEnd());
  const [old, now] = [lines(before), lines(after)];
  const without = (list: readonly string[], others: readonly string[]) => {
    const left = new Map<string, number>();
    for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
    return list.filter((line) => {
      const count = left.get(line) ?? 0;
      if (count > 0) left.set(line, count - 1);
      return count === 0 && line !== '';
    });
  };
  return { removed: without(old, now), added: without(now, old) };
}
