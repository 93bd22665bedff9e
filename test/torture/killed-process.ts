// A runner in a process of its own that kills itself: `node --import tap.ts killed-process.ts JSON`.
// It counts what it sends besides reading: statements, entries, transactions. Killed `before` it sends the one at
// `at`, right after it was `sent`, or `after` its answer.

import { createSurefoot } from '../../src/library/surefoot.ts';
import type { KilledOptions } from './kill.ts';
import { setTap } from './tap.ts';

const options: KilledOptions = JSON.parse(process.argv[2] ?? '{}');
const reading = /^\s*(?:select|show|pragma|with|explain|values|describe|set)\b/i;
const heartbeat = /\bheartbeat_at = /;
const sent: string[] = [];

const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};
/** After SIGKILL nothing more is to happen, not even in this turn of the loop. */
const never = (): Promise<never> => new Promise(() => undefined);

setTap((query) => async (sql, parameters) => {
  const counts = (sql.startsWith('/* surefoot') || !reading.test(sql)) && !heartbeat.test(sql);
  if (!counts) return await query(sql, parameters);
  const isPoint = sent.push(sql) - 1 === options.at;
  if (!isPoint) return await query(sql, parameters);
  if (options.when === 'before') {
    die();
    return await never();
  }
  const answer = query(sql, parameters);
  if (options.when === 'sent') {
    die();
    return await never();
  }
  await answer;
  die();
  return await never();
});

const surefoot = createSurefoot({ url: options.url, projectFolder: options.folder });
const { direction = 'upgrade', target = direction === 'upgrade' ? 'heads' : 'base' } = options;
const result = await surefoot[direction](target);
process.stdout.write(JSON.stringify({ sent, failed: result.failed, differences: result.differences }));
process.exitCode = result.failed || result.differences.length > 0 ? 1 : 0;
