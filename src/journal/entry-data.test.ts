import { expect, test } from 'vitest';
import { fc } from '../../test/support/laws.ts';
import { readEntryData, withoutOperations } from './entry-data.ts';

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

test('an entry is read without its operations, where they come last', () => {
  const words = { heads: ['b'], message: ',"operations":{"upgrade":[', text: '\\",\\"operations\\":{"}' };
  const operations = { upgrade: [{ kind: 'assert', sql: ']}}', message: '' }], downgrade: null };
  const read = (data: object) => readEntryData(JSON.parse(withoutOperations(JSON.stringify(data))));
  expect(read({ ...words, operations })).toEqual(words);
  expect(read({ ...words, operations: { upgrade: [], downgrade: [] } })).toEqual(words);
  expect(read({ ...words, operations, tool: 'x' })).toEqual({ ...words, operations, tool: 'x' });
  expect(read({ ...words, checksums: { text: 'a', operations: 'b' } })).toHaveProperty('checksums');
  expect(read(words)).toEqual(words);
});
