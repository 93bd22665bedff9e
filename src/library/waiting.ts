import { appliedFrom } from '../revisions/graph.ts';
import { waitingContracts } from '../revisions/phases.ts';
import type { RunResult } from './api.ts';
import type { Project } from './project.ts';

/** The result of a run of first halves, with the second halves that wait from then on. */
export async function withWaiting(project: Project, result: RunResult): Promise<RunResult> {
  const graph = await project.graph();
  const waiting = waitingContracts(graph, new Set(appliedFrom(graph, result.heads)));
  return waiting.length === 0 ? result : { ...result, waiting };
}
