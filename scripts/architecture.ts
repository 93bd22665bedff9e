// In: the layers. Out: ARCHITECTURE.md with their table brought up to date.
// Must not know: whether the code keeps to them.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLayerTable } from '../test/architecture/layers.ts';

const file = join(import.meta.dirname, '../ARCHITECTURE.md');
await writeFile(file, withLayerTable(await readFile(file, 'utf8')));
