// In: versions as texts. Out: whether one is a step forward from another. Must not know: what they are versions of.

const shape = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?$/;

function parts(version: string): readonly (number | string)[] {
  const [, major, minor, patch, tail] = shape.exec(version) ?? [];
  if (major === undefined) throw new Error(`"${version}" is not a version such as 1.2.3 or 1.2.3-rc.1`);
  const before = tail?.split('.').map((one) => (/^\d+$/.test(one) ? Number(one) : one)) ?? [];
  // A version without a tail comes after all that have one.
  return [Number(major), Number(minor), Number(patch), tail === undefined ? 1 : 0, ...before];
}

function compareParts(a: number | string | undefined, b: number | string | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === typeof b) return a < b ? -1 : 1;
  return typeof a === 'number' ? -1 : 1;
}

/** Below zero: `a` comes before `b`, as Semantic Versioning orders them. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  const longer = left.length > right.length ? left : right;
  for (const index of longer.keys()) {
    const order = compareParts(left[index], right[index]);
    if (order !== 0) return order;
  }
  return 0;
}
