// The names of Flyway's files. In: a name. Out: what it is. Must not know what is in it.

/** A file of Flyway's. */
export interface FlywayFile {
  readonly kind: 'versioned' | 'undo' | 'repeatable' | 'baseline';
  /** `1.2`; '': a repeatable one has none. */
  readonly version: string;
  readonly description: string;
}

const kinds = { V: 'versioned', U: 'undo', R: 'repeatable', B: 'baseline' } as const;

/** What a name says; `null`: it is none of Flyway's. */
export function fileOf(name: string): FlywayFile | null {
  const [, letter = '', version = '', description = ''] =
    /^([VUB])(\d[\d._]*?)(?:__(.*))?\.sql$/.exec(name) ?? /^(R)()__(.*)\.sql$/.exec(name) ?? [];
  const kind = Object.hasOwn(kinds, letter) ? kinds[letter as keyof typeof kinds] : null;
  if (kind === null) return null;
  return { kind, version: plainVersion(version), description: description.replaceAll('_', ' ').trim() };
}

/** `1_02` and `1.2` are one version. */
export function plainVersion(version: string): string {
  const parts = version
    .replaceAll('_', '.')
    .split('.')
    .filter((part) => part !== '');
  const plain = parts.map((part) => part.replace(/^0+(?=\d)/, ''));
  while (plain.length > 1 && plain.at(-1) === '0') plain.pop();
  return plain.join('.');
}

/** Which of two versions comes first. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = BigInt(left[i] ?? 0) - BigInt(right[i] ?? 0);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return 0;
}
