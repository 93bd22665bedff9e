import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { outputOf, startChild } from './child.ts';

const node = (script: string) =>
  startChild({ program: process.execPath, arguments: ['-e', script], env: {}, signal: null, secrets: [] });

test('what a program has written is there for whoever reads it after its end', async () => {
  const child = node("process.stdout.write('x'.repeat(40_000))");
  await new Promise((resolve) => child.stderr.once('close', resolve));
  await sleep(100);
  expect(await outputOf(child)).toHaveLength(40_000);
});

test('what is more than a pipe holds comes whole, too', async () => {
  const child = node("process.stdout.write('x'.repeat(4_000_000))");
  await sleep(200);
  expect(await outputOf(child)).toHaveLength(4_000_000);
});
