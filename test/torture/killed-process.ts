// A runner in a process of its own to which something happens: `node --import tap.ts killed-process.ts JSON`.
// It counts what it sends besides reading: statements, entries, transactions. At number `at` it is disturbed: `before` it
// is sent, right after it was `sent`, or `after` its answer.

import { once } from 'node:events';
import { createSurefoot } from '../../src/library/surefoot.ts';
import type { KilledOptions } from './kill.ts';
import { setTap } from './tap.ts';

const options: KilledOptions = JSON.parse(process.argv[2] ?? '{}');
const { at, when, disturbance = 'kill', direction = 'upgrade' } = options;
const reading = /^\s*(?:select|show|pragma|with|explain|values|describe|set)\b/i;
const heartbeat = /\bheartbeat_at = /;
const sent: string[] = [];

/** After SIGKILL nothing more is to happen, not even in this turn of the loop. */
const never = (): Promise<never> => new Promise(() => undefined);

/** Dies, or stands still until somebody lets it go on. */
async function disturb(): Promise<void> {
  if (disturbance === 'kill') {
    process.kill(process.pid, 'SIGKILL');
    await never();
  }
  process.stdout.write('POINT\n');
  if (disturbance === 'stop') process.kill(process.pid, 'SIGSTOP');
  else {
    await once(process.stdin, 'data');
    process.stdin.unref();
  }
}

setTap((query) => async (sql, parameters) => {
  const counts = (sql.startsWith('/* surefoot') || !reading.test(sql)) && !heartbeat.test(sql);
  if (!counts || sent.push(sql) - 1 !== at) return await query(sql, parameters);
  if (when === 'before') await disturb();
  const answer = query(sql, parameters);
  // It may fail while nobody waits for it.
  answer.catch(() => undefined);
  if (when === 'sent') await disturb();
  try {
    return await answer;
  } finally {
    // A refusal is an answer, too.
    if (when === 'after') await disturb();
  }
});

const surefoot = createSurefoot({ url: options.url, projectFolder: options.folder });
const { target = direction === 'upgrade' ? 'heads' : 'base' } = options;
try {
  // Fifty of them on two cores take their time.
  const result = await surefoot[direction](target, { lockTimeoutMs: 600_000 });
  const { failed, differences } = result;
  process.stdout.write(JSON.stringify({ sent, failed, differences }));
  process.exitCode = failed || differences.length > 0 ? 1 : 0;
} catch (error) {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  process.stdout.write(JSON.stringify({ sent, thrown: code, message: String(error) }));
  process.exitCode = 2;
}
