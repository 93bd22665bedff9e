// What changes nothing: words to people, the end of what was done before. In: a value. Out: whether it is of that kind.
// Must not know statements.

import type { Value } from './value.ts';
import { isAsked, pathOf } from './value.ts';

const harmless =
  /^(logging|logger|log|LOGGER|warnings|time|sys|print|context)\b|\.(getLogger|info|debug|warning|warn|error|commit|flush|close|rollback|expire_all|begin|write)$/;

/** Words, and the end of what was done before. */
export function isHarmless(value: Value): boolean {
  if (value.kind !== 'made')
    return value.kind === 'attribute' || (value.kind === 'unknown' && isAsked(value));
  if (value.callee.kind === 'symbol' && /^(sqlalchemy|alembic)\./.test(value.callee.path)) return true;
  if (value.callee.kind === 'attribute') return harmless.test(`.${value.callee.name}`);
  return harmless.test(pathOf(value));
}
