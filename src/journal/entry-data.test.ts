import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEntryData } from './entry-data.ts';

test('what is not of its form counts as not written', () => {
  expect(
    readEntryData({
      heads: 7,
      applied: {},
      checksums: { text: 'a' },
      operations: { upgrade: [{}], downgrade: null },
      carries: ['0'],
      who: { pid: '4' },
      message: 'kept',
      __proto__: { ms: 1 },
      unknown: 1,
    }),
  ).toEqual({ message: 'kept' });
});

test('what was written is read', () => {
  const data = {
    heads: ['a'],
    operations: { upgrade: [{ kind: 'assert', sql: 'SELECT 1', message: '' }], downgrade: null },
    who: { osUser: 'ann', pid: null },
    checksums: { text: 'a', operations: 'b' },
  };
  expect(readEntryData(data)).toEqual(data);
});

test('anything can be read', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const data = readEntryData(value);
      expect(data.heads === undefined || Array.isArray(data.heads)).toBe(true);
    }),
  );
});
