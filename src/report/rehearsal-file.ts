import { isNumber, isRecord, isText, listOf, orNull, recordOf } from '../kernel/form.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';

const isResult = recordOf({
  test: isText,
  revision: orNull(isText),
  status: (value) => ['passed', 'failed', 'warning', 'irreversible', 'skipped'].includes(String(value)),
  detail: isText,
  facts: listOf(isText),
  ms: isNumber,
});

const isResultOfRehearse = recordOf({
  server: isText,
  place: isText,
  startedAt: isText,
  ms: isNumber,
  revisions: listOf(isText),
  results: listOf(isResult),
});

/** What `rehearse --json` printed; `null`: it is something else. */
export function readRehearsal(text: string): Rehearsal | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) && isResultOfRehearse(value) ? (value as unknown as Rehearsal) : null;
  } catch {
    // No JSON at all is something else, too.
    return null;
  }
}
