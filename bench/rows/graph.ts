// The graph alone, in this process. In: nothing. Out: rows.

import { buildGraph } from '../../src/revisions/graph.ts';
import { resolve } from '../../src/revisions/identifiers.ts';
import { upgradePath } from '../../src/revisions/paths.ts';
import type { RevisionHeader } from '../../src/revisions/revision.ts';
import type { Standing } from '../contest.ts';
import { median } from '../contest.ts';
import type { Row } from '../row.ts';

function header(id: string, revises: readonly string[]): RevisionHeader {
  return {
    ...{ id, revises, message: '', createdAt: null, branchLabels: [], dependsOn: [], safety: false },
    ...{ replaces: [], file: `${id}.ts`, kind: 'ts', transaction: 'auto' },
  };
}

/** A chain that forks and joins again, so many times. */
function headersWith(count: number, merges: number): readonly RevisionHeader[] {
  const each = Math.floor(count / merges);
  const headers: RevisionHeader[] = [];
  let tip: readonly string[] = [];
  for (let i = 0; headers.length < count; i += 1) {
    const id = `r${String(i).padStart(6, '0')}`;
    const place = i % each;
    if (place === 1) {
      headers.push(header(`${id}b`, tip), header(id, tip));
      tip = [id, `${id}b`];
    } else {
      headers.push(header(id, tip));
      tip = [id];
    }
  }
  return headers;
}

interface Cost {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly heapMb: number;
}

/** Builds the graph and plans from nothing to its heads. */
function planOnce(headers: readonly RevisionHeader[]): Cost {
  globalThis.gc?.();
  const heap = process.memoryUsage().heapUsed;
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const graph = buildGraph(headers);
  const targets = resolve('heads', graph, { current: [], purpose: 'upgrade' });
  const path = upgradePath(graph, new Set(), targets);
  const wallMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  if (path.length !== headers.length) throw new Error('the plan is not the whole graph');
  const heapMb = (process.memoryUsage().heapUsed - heap) / 2 ** 20;
  return { cpuMs: (user + system) / 1000, wallMs, heapMb };
}

function standing(name: string, headers: readonly RevisionHeader[], rounds: number): Standing {
  const costs = Array.from({ length: rounds }, () => planOnce(headers));
  return {
    ...{ name, isFloor: false, runs: rounds, ratio: null },
    wallMs: median(costs.map(({ wallMs }) => wallMs)),
    cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
    peakMb: median(costs.map(({ heapMb }) => heapMb)),
  };
}

/** The graph of ten thousand. */
export const graphRows: readonly Row[] = [
  {
    name: 'graph',
    work: 'plan over a graph of 10,000 revisions with 500 merges',
    floor: '–',
    aim: '50 ms of CPU, memory linear',
    rounds: 15,
    measure: async (_, { rounds }) => [
      standing('Surefoot, 2,500 revisions', headersWith(2500, 125), rounds),
      standing('Surefoot, 5,000 revisions', headersWith(5000, 250), rounds),
      standing('Surefoot', headersWith(10_000, 500), rounds),
    ],
  },
];
