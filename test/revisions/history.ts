import type { RevisionGraph } from '../../src/revisions/graph.ts';
import { buildGraph } from '../../src/revisions/graph.ts';
import type { RevisionHeader } from '../../src/revisions/revision.ts';

export function header(id: string, more: Partial<RevisionHeader> = {}): RevisionHeader {
  return {
    id,
    revises: [],
    message: `message of ${id}`,
    createdAt: null,
    branchLabels: [],
    dependsOn: [],
    safety: false,
    replaces: [],
    file: `migrations/${id}.ts`,
    kind: 'ts',
    transaction: 'auto',
    ...more,
  };
}

/** Headers drawn as text: `a <- b <- d; a <- c <- d; d needs x; b is feature`. */
export function draw(text: string): readonly RevisionHeader[] {
  const found = new Map<string, RevisionHeader>();
  const change = (id: string, more: (header: RevisionHeader) => Partial<RevisionHeader>) => {
    const known = found.get(id) ?? header(id);
    found.set(id, { ...known, ...more(known) });
  };
  for (const line of text.split(/[;\n]/).map((part) => part.trim())) {
    const [left = '', verb, right = ''] = line.split(/\s+(needs|is)\s+/);
    if (verb === 'needs') change(left, ({ dependsOn }) => ({ dependsOn: [...dependsOn, right] }));
    else if (verb === 'is') change(left, ({ branchLabels }) => ({ branchLabels: [...branchLabels, right] }));
    else if (line !== '') {
      const chain = line.split(/\s*<-\s*/);
      chain.forEach((id, i) => {
        const parent = chain[i - 1];
        change(id, ({ revises }) => ({ revises: parent === undefined ? revises : [...revises, parent] }));
      });
    }
  }
  return [...found.values()];
}

export function history(text: string): RevisionGraph {
  return buildGraph(draw(text));
}

/** A large graph: a trunk with branches that come off and are merged again. */
export function largeHistory(size: number, merges: number): readonly RevisionHeader[] {
  const headers: RevisionHeader[] = [];
  const every = Math.floor(size / merges);
  let trunk: string[] = [];
  let side: string | null = null;
  for (let i = 0; i < size; i++) {
    const id = `r${i.toString(16).padStart(11, '0')}`;
    const createdAt = new Date(1.6e12 + i * 1000).toISOString();
    const place = i % every;
    if (place === every - 1 && side !== null) {
      headers.push(header(id, { revises: [...trunk, side], createdAt }));
      side = null;
      trunk = [id];
    } else if (place === 2) {
      headers.push(header(id, { revises: trunk, createdAt }));
      side = id;
    } else {
      headers.push(header(id, { revises: trunk, createdAt, dependsOn: place === 5 && side ? [side] : [] }));
      trunk = [id];
    }
  }
  return headers;
}
