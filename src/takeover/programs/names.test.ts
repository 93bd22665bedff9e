import { expect, test } from 'vitest';
import { messageFrom, nameInFiles, stampFrom } from './names.ts';

test.each([
  ['20240131120000_add_user.js', '2024-01-31T12:00:00Z', 'add user'],
  ['20240131120000-add-user.js', '2024-01-31T12:00:00Z', 'add user'],
  ['1716743937856_person', '2024-05-26T17:18:57.856Z', 'person'],
  ['2024_01_31T12_00_00_first.ts', '2024-01-31T12:00:00Z', 'first'],
  ['CreateUser1700000000000', '2023-11-14T22:13:20.000Z', 'create user'],
  ['Migration20240131120000_AddBooks', '2024-01-31T12:00:00Z', 'add books'],
  ['Migration20240131120000', '2024-01-31T12:00:00Z', 'Migration20240131120000'],
  ['first', null, 'first'],
  ['99999999999999_x', null, 'x'],
])('%s', (name, at, message) => {
  expect([stampFrom(name), messageFrom(name)]).toEqual([at, message]);
});

test('a table may name what a file was compiled to', () => {
  expect(nameInFiles('a.js', ['b.ts', 'a.ts'])).toBe('a.ts');
  expect(nameInFiles('a.js', ['a.js', 'a.ts'])).toBe('a.js');
  expect(nameInFiles('gone.js', ['a.ts'])).toBe('gone.js');
});
