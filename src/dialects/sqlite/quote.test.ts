import { expect, test } from 'vitest';
import { foldName, literal, quote, quoteRef, spellIdentifier } from './quote.ts';

test('identifiers', () => {
  expect(quote('a "b"')).toBe('"a ""b"""');
  expect(quoteRef({ namespace: null, name: 'order' })).toBe('"order"');
  expect(() => quote('a\0b')).toThrow(expect.objectContaining({ code: 'identifier/invalid' }));
  expect(['plain', 'order', 'Glob', 'a b', '1a', 'ä'].map(spellIdentifier)).toEqual([
    'plain',
    '"order"',
    '"Glob"',
    '"a b"',
    '"1a"',
    '"ä"',
  ]);
});

test('literals', () => {
  expect(literal("it's")).toBe("'it''s'");
  expect(literal('a\0b')).toBe("('a' || char(0) || 'b')");
});

test('only ASCII letters are folded, as SQLite does', () => {
  expect(foldName('ÄBC İ')).toBe('Äbc İ');
});
