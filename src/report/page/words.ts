import type { RevisionState } from '../report.ts';

/** `1 revision`, `2 revisions`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A span of time for people. */
export function span(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** A moment, in UTC, to the second. */
export function moment(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** What a state looks like without its colour, and what it means. */
export const states: Readonly<Record<RevisionState, readonly [sign: string, means: string]>> = {
  applied: ['●', 'recorded on the server'],
  satisfied: ['◉', 'recorded; all that it does was there already'],
  pending: ['○', 'not run here yet'],
  failed: ['✕', 'its last run failed'],
  edited: ['✎', 'recorded; its file was changed after it ran'],
  missing: ['?', 'recorded; its file is gone'],
  unknown: ['◌', 'no database was asked'],
};
