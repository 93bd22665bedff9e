import { crc32 } from 'node:zlib';

/** Flyway's checksum of a file: CRC-32 over its lines without their ends, as a signed number. */
export function flywayChecksum(text: string): string {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  let sum = 0;
  for (const line of lines) sum = crc32(line, sum);
  return String(sum | 0);
}
