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

/** The namespaces that these revisions speak of, besides the default one. */
export function namespacesIn(revisions: readonly LoadedRevision[]): readonly string[] {
  const found = new Set<string>();
  for (const { upgrade, downgrade } of revisions) collect([upgrade, downgrade], found);
  return [...found].sort();
}
