// What a run tells of a statement that takes its time, in words. In: StatementNews. Out: text. Must not know the terminal.

import type { Blocker } from '../../dialect/waiting.ts';
import type { BehindNews, BlockedNews, RetryNews, UnseenNews, WorkNews } from '../../runner/news.ts';
import { oneLine } from './clean.ts';
import { shorten } from './table.ts';
import { counted, span } from './words.ts';

const mostShown = 3;

function blockerText({ session, user, ageMs, statement, isCertain }: Blocker): string {
  const age = ageMs === null ? '' : `, open for ${span(ageMs)}`;
  const query = statement === null ? '' : `: ${shorten(oneLine(statement), 100)}`;
  return `${isCertain ? '' : 'perhaps '}session ${session} of ${oneLine(user)}${age}${query}`;
}

/** Who is in the way. */
function inTheWay(blockers: readonly Blocker[]): readonly string[] {
  const more = blockers.length - mostShown;
  return [
    ...blockers.slice(0, mostShown).map((one) => `  in the way: ${blockerText(one)}`),
    ...(more > 0 ? [`  and ${counted(more, 'other session')}`] : []),
  ];
}

/** A statement waits. */
export function blockedText({ revision, sql, blockers }: BlockedNews): string {
  const head = `Waiting for a lock in revision ${revision}: ${shorten(oneLine(sql), 100)}`;
  return [head, ...inTheWay(blockers)].join('\n');
}

/** It waited in vain. */
export function retryText({ revision, attempt, retries, pauseMs, blockers }: RetryNews): string {
  const who = blockers.length > 0 ? '' : ' (others use the database)';
  return `Revision ${revision} did not get the lock${who}: attempt ${attempt + 1} of ${retries + 1} in ${span(pauseMs)}`;
}

/** A replica is too far behind. */
export function behindText({ revision, replica, waitedMs }: BehindNews): string {
  const since = waitedMs < 1000 ? '' : ` (for ${span(waitedMs)})`;
  return `Revision ${revision} waits${since}: ${oneLine(replica)}`;
}

/** Replicas that nobody waits for. */
export function unseenText({ revision, replicas, hint }: UnseenNews): string {
  return `Revision ${revision} does not wait for ${counted(replicas, 'replica')} that it cannot look at: ${hint}`;
}

const barWidth = 12;

function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * barWidth);
  return `[${'#'.repeat(full)}${'·'.repeat(barWidth - full)}]`;
}

/** How far it is: for the end of a line. */
export function workText({ phase, share, remainingMs }: WorkNews): string {
  const part = share === null ? '' : ` ${bar(share)} ${Math.floor(share * 100)} %`;
  const left = remainingMs === null ? '' : `, about ${span(remainingMs)} left`;
  return `${oneLine(phase)}${part}${left}`;
}
