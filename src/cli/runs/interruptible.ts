// Work that a person may stop. In: a call. Out: what the work gives. Must not know what it is.

import type { OptionSpecs } from '../args/option.ts';
import type { Call } from '../command.ts';

/** Does work that the first signal stops. */
export async function interruptible<T>(
  { shell, look, talk }: Pick<Call<OptionSpecs>, 'shell' | 'look' | 'talk'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const interruption = new AbortController();
  const stopListening = shell.onInterrupt(() => {
    talk(look.warn('\nStopping; once more ends at once.'));
    interruption.abort();
  });
  try {
    return await work(interruption.signal);
  } finally {
    stopListening();
  }
}
