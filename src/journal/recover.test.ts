import { expect, test } from 'vitest';
import { history } from '../../test/revisions/history.ts';
import type { EntryData, StoredEntry } from './entry.ts';
import { recover } from './recover.ts';

const graph = history('a <- put_in <- b <- c');

function moved(revision: string, data: EntryData): StoredEntry {
  return { id: 1, run: 'r', at: 1, event: 'moved', revision, direction: 'upgrade', statement: null, data };
}

test('what was put in below a head is inserted', () => {
  const past = recover(['b'], [moved('a', { heads: ['a'] }), moved('b', { heads: ['b'] })], graph);
  expect(past).toMatchObject({ movedByOthers: false, inserted: ['put_in'] });
});

test('an entry that lost its rows is no move by another tool: what was put in still has to run', () => {
  const past = recover(['b'], [moved('a', { heads: ['a'] }), moved('b', {})], graph);
  expect(past).toMatchObject({ movedByOthers: false, inserted: ['put_in'] });
});

test('rows that no entry leads to were moved by others', () => {
  const past = recover(['c'], [moved('a', { heads: ['a'] }), moved('b', {})], graph);
  expect(past).toMatchObject({ movedByOthers: true, inserted: [] });
});

test('where a stamp lost its rows, nobody can tell: all below the rows counts as applied', () => {
  const stamped: StoredEntry = { ...moved('b', {}), event: 'stamped', revision: null, direction: null };
  expect(recover(['b'], [stamped], graph)).toMatchObject({ movedByOthers: true, inserted: [] });
});
