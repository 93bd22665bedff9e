// Loaded before a program. In: nothing. Out: as it ends, the most memory that it had in use, on stderr.
// Must not know: the program.

import { writeSync } from 'node:fs';

process.on('exit', () => {
  writeSync(2, `peak ${process.resourceUsage().maxRSS}\n`);
});
