import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listingOf } from './listing.ts';

let base = '';
const inFolder = (name: string) => join(base, 'one', name);
const listing = () => listingOf([join(base, 'one'), join(base, 'two')]);

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'surefoot-listing-'));
  for (const name of ['one', 'two']) mkdirSync(join(base, name));
  for (const name of ['a.ts', 'b.sql', 'c\nd é.mjs']) writeFileSync(inFolder(name), `of ${name}`);
  // Files settle in a few seconds, which nobody wants to wait for.
  const later = Date.now() + 60_000;
  vi.spyOn(Date, 'now').mockImplementation(() => later);
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(base, { recursive: true, force: true });
});

test('the same files have the same value', () => {
  expect(listing()).toMatch(/^[0-9a-f]{64}$/);
  expect(listing()).toBe(listing());
});

const changes: Readonly<Record<string, () => void>> = {
  'a file of the same size': () => writeFileSync(inFolder('a.ts'), 'OF A.TS'),
  'a file that got the same text': () => writeFileSync(inFolder('a.ts'), 'of a.ts'),
  'a new file': () => writeFileSync(inFolder('e.ts'), ''),
  'a file that is gone': () => rmSync(inFolder('b.sql')),
  'another name': () => renameSync(inFolder('a.ts'), inFolder('z.ts')),
  'another folder': () => renameSync(inFolder('a.ts'), join(base, 'two', 'a.ts')),
  'another file in its place': () => {
    writeFileSync(join(base, 'x.ts'), 'of a.ts');
    rmSync(inFolder('a.ts'));
    symlinkSync(join(base, 'x.ts'), inFolder('a.ts'));
  },
};

test.each(Object.keys(changes))('%s changes it', async (name) => {
  const before = listing();
  // The clock of a file system ticks every few milliseconds.
  await sleep(20);
  changes[name]?.();
  expect(listing()).toMatch(/^[0-9a-f]{64}$/);
  expect(listing()).not.toBe(before);
});

test('a file behind a link changes it', async () => {
  writeFileSync(join(base, 'x.ts'), 'there');
  symlinkSync(join(base, 'x.ts'), inFolder('l.ts'));
  const before = listing();
  await sleep(20);
  writeFileSync(join(base, 'x.ts'), 'THERE');
  expect(listing()).not.toBe(before);
});

test('what is no revision changes nothing', () => {
  const before = listing();
  for (const name of ['readme.md', 'types.d.ts', '.hidden.ts']) writeFileSync(inFolder(name), 'x');
  expect(listing()).toBe(before);
});

test('of what was changed just now, or cannot be looked at, nothing is told', () => {
  vi.restoreAllMocks();
  expect(listing()).toBeNull();
  expect(listingOf([join(base, 'none')])).toBeNull();
});
