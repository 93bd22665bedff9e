// What differs between two texts, line by line. In: both texts. Out: a unified diff. Must not know what they are.

interface Change {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** The lengths of the longest common subsequences of what is left of both. */
function table(a: readonly string[], b: readonly string[]): readonly Uint32Array[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const [own, next] = [rows[i], rows[i + 1]];
      if (!own || !next) continue;
      own[j] = a[i] === b[j] ? 1 + (next[j + 1] ?? 0) : Math.max(next[j] ?? 0, own[j + 1] ?? 0);
    }
  }
  return rows;
}

function changesOf(a: readonly string[], b: readonly string[]): readonly Change[] {
  const rows = table(a, b);
  const changes: Change[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [old, now] = [a[i], b[j]];
    if (old !== undefined && old === now) {
      changes.push({ sign: ' ', text: old });
      i++;
      j++;
    } else if (
      old !== undefined &&
      (now === undefined || (rows[i + 1]?.[j] ?? 0) >= (rows[i]?.[j + 1] ?? 0))
    ) {
      changes.push({ sign: '-', text: old });
      i++;
    } else if (now !== undefined) {
      changes.push({ sign: '+', text: now });
      j++;
    }
  }
  return changes;
}

const around = 3;

/** The stretches of changes with the lines around them: first and behind the last, as indexes. */
function hunksOf(changes: readonly Change[]): readonly (readonly [number, number])[] {
  const hunks: [number, number][] = [];
  changes.forEach(({ sign }, i) => {
    if (sign === ' ') return;
    const last = hunks.at(-1);
    const [from, to] = [Math.max(0, i - around), Math.min(changes.length, i + around + 1)];
    if (last && from <= last[1]) last[1] = to;
    else hunks.push([from, to]);
  });
  return hunks;
}

/** A unified diff of two texts, without a head; '': they are the same. */
export function textDiff(before: string, after: string): string {
  const changes = changesOf(before.split('\n'), after.split('\n'));
  const count = (part: readonly Change[], sign: '-' | '+') => part.filter((one) => one.sign !== sign).length;
  return hunksOf(changes)
    .map(([from, to]) => {
      const [ahead, own] = [changes.slice(0, from), changes.slice(from, to)];
      const old = `-${count(ahead, '+') + 1},${count(own, '+')}`;
      const now = `+${count(ahead, '-') + 1},${count(own, '-')}`;
      return [`@@ ${old} ${now} @@`, ...own.map(({ sign, text }) => sign + text)].join('\n');
    })
    .join('\n');
}
