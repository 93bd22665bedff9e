// What programs of others print. In: work that runs them. Out: its result; stdout stays ours. Must not know a tool.

import type { Shell } from '../shell.ts';

const talking = ['log', 'info', 'debug', 'warn', 'error'] as const;

/** Runs something; what it prints by the console goes to stderr, since stdout is the result. */
export async function withTalkAside<T>(shell: Pick<Shell, 'stderr'>, work: () => Promise<T>): Promise<T> {
  const { format } = await import('node:util');
  const own = talking.map((name) => [name, console[name]] as const);
  for (const name of talking)
    console[name] = (...given: readonly unknown[]) => void shell.stderr.write(`${format(...given)}\n`);
  try {
    return await work();
  } finally {
    for (const [name, was] of own) console[name] = was;
  }
}
