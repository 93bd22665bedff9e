import type { LoadedRevision } from '../revisions/load.ts';

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const one of value) collect(one, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (key === 'namespace' && typeof member === 'string') found.add(member);
    // Rows are data, whatever their columns are called.
    else if (key !== 'rows') collect(member, found);
  }
}

const known = new WeakMap<LoadedRevision, readonly string[]>();

/** The namespaces that a revision speaks of, besides the default one. */
export function namespacesOf(revision: LoadedRevision): readonly string[] {
  const before = known.get(revision);
  if (before !== undefined) return before;
  const found = new Set<string>();
  collect([revision.upgrade, revision.downgrade], found);
  const names = [...found].sort();
  known.set(revision, names);
  return names;
}

/** Spares the search where somebody remembers what it found. */
export function noteNamespaces(revision: LoadedRevision, names: readonly string[]): void {
  known.set(revision, names);
}

/** The namespaces that these revisions speak of, besides the default one. */
export function namespacesIn(revisions: readonly LoadedRevision[]): readonly string[] {
  return [...new Set(revisions.flatMap(namespacesOf))].sort();
}
