// The upgrade, cut off at every boundary between two statements, and taken up again.
// In: a revision, what its upgrade leads to. Out: a verdict; the stage stands after it. Must not know how a session is cut.

import { schemaLines } from './compare.ts';
import type { Stage } from './rehearsal.ts';
import { countRows, makeRows } from './rows/make-rows.ts';
import type { Moment, Subject, Verdict } from './subject.ts';

interface Interrupted {
  readonly subject: Subject;
  readonly stage: Stage;
  readonly before: Moment;
  readonly after: Moment;
  /** How many rows each table is filled up to. */
  readonly upTo: number;
  /** Moments at which it can be interrupted. */
  readonly boundaries: number;
}

/** To where the revision has not run. */
async function goBack({ subject, stage, before, upTo }: Interrupted): Promise<string | null> {
  if (!subject.isReversible) {
    await stage.restart(before.schema, subject.headsBefore);
    await subject.seed?.();
    await makeRows(before.schema, stage, upTo);
    return null;
  }
  return (await stage.down(subject.id)).failure?.message ?? null;
}

async function rowCounts({ schema }: Moment, stage: Stage): Promise<string> {
  const counts: number[] = [];
  for (const table of schema.tables) counts.push(await countRows(table, stage));
  return counts.join(' ');
}

/** Interrupted after so many boundaries: what is wrong afterwards; `null`: nothing. */
async function interruptAt(cut: number, way: Interrupted): Promise<Verdict | 'too late' | null> {
  const { subject, stage, after } = way;
  const stuck = await goBack(way);
  if (stuck !== null) return { status: 'failed', detail: `the downgrade stops: ${stuck}` };
  const run = await stage.up(subject.id, { cutAfter: cut });
  if (!run.isCut) return 'too late';
  const resumed = await stage.up(subject.id);
  const place = `interrupted at boundary ${cut + 1} of ${way.boundaries}`;
  if (resumed.failure) {
    const { code, message, hint } = resumed.failure;
    // The catalogue cannot tell, so that people are asked: that is what was promised.
    const status = code === 'plan/unresumed' ? 'warning' : 'failed';
    return { status, detail: `${place}, the next upgrade stops: ${message}`, facts: [hint] };
  }
  const lines = schemaLines(after.schema, await stage.read());
  if (lines.length > 0)
    return { status: 'failed', detail: `${place}, the next upgrade ends elsewhere`, facts: lines };
  return null;
}

/** Every boundary of the upgrade. */
export async function interruptions(way: Interrupted): Promise<Verdict> {
  const { stage, after, subject } = way;
  const counts = subject.isReversible ? await rowCounts(after, stage) : null;
  for (let cut = 0; cut < way.boundaries; cut++) {
    const verdict = await interruptAt(cut, way);
    if (verdict === 'too late') return ended(cut);
    if (verdict !== null) {
      await stage.restart(after.schema, subject.headsAfter);
      return verdict;
    }
    if (counts !== null && (await rowCounts(after, stage)) !== counts) {
      return {
        status: 'failed',
        detail: `interrupted at boundary ${cut + 1} of ${way.boundaries}, the next upgrade leaves other rows than one that nobody interrupts`,
      };
    }
  }
  return ended(way.boundaries);
}

const ended = (cuts: number): Verdict => ({
  status: 'passed',
  detail: `interrupted at each of ${cuts} boundaries: the next upgrade finishes it`,
});
