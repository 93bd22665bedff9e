// What goes on for long, said now and then. In: what is to be said. Out: whether it is due. Must not know who says it.

import { now } from '../../kernel/clock.ts';

const reminderMs = 60_000;

/** True for something new, and once a minute for something that goes on. */
export function reminder(saidAt: number): (what: string) => boolean {
  let [last, at] = ['', saidAt];
  return (what) => {
    if (what === last && now() - at < reminderMs) return false;
    [last, at] = [what, now()];
    return true;
  };
}
