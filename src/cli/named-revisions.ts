// What people write for revisions, turned into ids. In: identifiers. Out: ids, or a refusal.

import { SurefootError } from '../kernel/errors.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { resolve } from '../revisions/identifiers.ts';
import type { Project } from './project.ts';

/** True where an identifier starts at what the database has recorded. */
export function asksDatabase(identifier: string): boolean {
  return /(^|[:@])(current|[+-]\d)/.test(identifier);
}

/** The revisions of an identifier, at least one. A database is asked only where the identifier needs it. */
export async function namedRevisions(project: Project, identifier: string): Promise<readonly string[]> {
  const graph = await project.graph();
  const isRelative = asksDatabase(identifier) && !graph.nodes.has(identifier);
  const current = isRelative ? (await (await project.open()).current()).heads : null;
  const ids = resolve(identifier, graph, { current, purpose: 'show' });
  return ids.length > 0 ? ids : refuseNone(graph, identifier);
}

function refuseNone(graph: RevisionGraph, identifier: string): never {
  throw new SurefootError('revision/not-found', `'${identifier}' is no revision: nothing lies there`, {
    details: { identifier, similar: graph.bases },
    hint:
      graph.bases.length === 0
        ? 'There is no revision yet; `surefoot revision -m "…"` writes one.'
        : `The first one is ${graph.bases.join(', ')}.`,
  });
}
