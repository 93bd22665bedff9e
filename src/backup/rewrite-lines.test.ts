import { expect, test } from 'vitest';
import { rewriteLines } from './rewrite-lines.ts';

const everySize = [1, 2, 3, 5, 7, 1000];

function run(rule: Parameters<typeof rewriteLines>[0], text: string, size: number): string {
  const lines = rewriteLines(rule);
  const bytes = Buffer.from(text);
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) out.push(...lines.read(bytes.subarray(at, at + size)));
  return Buffer.concat([...out, ...lines.end()]).toString('utf8');
}

const shout = (line: string) => line.toUpperCase();

test.each(everySize)('lines that begin so are rewritten, in pieces of %i bytes', (size) => {
  const rule = { starts: ['ab ', 'größe'], rewrite: shout, until: null };
  const text = 'ab c\nabc\n xab c\n\ngröße x\nab last';
  expect(run(rule, text, size)).toBe('AB C\nabc\n xab c\n\nGRÖSSE X\nAB LAST');
});

test.each(everySize)('behind the last line of the head nothing is read, in pieces of %i bytes', (size) => {
  const rule = { starts: ['SET a'], rewrite: () => '', until: 'SET b' };
  expect(run(rule, 'x\nSET a;\nSET c;\nSET b;\nSET a;\nSET a', size)).toBe(
    'x\nSET c;\nSET b;\nSET a;\nSET a',
  );
});

test('a text that ends in the beginning of such a line passes', () => {
  const rule = { starts: ['abc'], rewrite: shout, until: null };
  for (const size of everySize) expect(run(rule, 'x\nab', size)).toBe('x\nab');
  expect(run(rule, '', 1)).toBe('');
});
