// All that the entry loads. In: nothing. Out: main, and the shell of this process. Must not know any verb.

export { main } from './main.ts';
export { processShell } from './shell.ts';
