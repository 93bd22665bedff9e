// Stopping a fleet. In: signals. Out: two ways to stop, one after the other. Must not know targets.

import type { OptionSpecs } from '../args/option.ts';
import type { Call } from '../command.ts';

/** The first signal starts no more targets, the second stops the running ones between two statements, the third ends all. */
export async function pausable<T>(
  { shell, look, say }: Pick<Call<OptionSpecs>, 'shell' | 'look'> & { readonly say: (text: string) => void },
  work: (signals: { readonly pause: AbortSignal; readonly stop: AbortSignal }) => Promise<T>,
): Promise<T> {
  const [pause, stop] = [new AbortController(), new AbortController()];
  let stopListening = shell.onInterrupt(() => {
    say(look.warn('Pausing: what runs comes to its end. Once more stops it between two statements.'));
    pause.abort();
    stopListening = shell.onInterrupt(() => {
      say(look.warn('Stopping; once more ends at once.'));
      stop.abort();
    });
  });
  try {
    return await work({ pause: pause.signal, stop: stop.signal });
  } finally {
    stopListening();
  }
}
