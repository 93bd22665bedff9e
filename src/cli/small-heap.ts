import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the room for young objects as small as it is by now. It would grow to a hundred megabytes where whole schemas are read,
 * and win nothing by it: most of what they are made of stays until the end.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
