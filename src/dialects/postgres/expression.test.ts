import { describe, expect, test } from 'vitest';
import { fc } from '../../../test/support/laws.ts';
import { foldExpression, identifiersIn } from './expression.ts';

const context = {
  table: 't',
  columns: new Map([
    ['a', 'integer'],
    ['status', 'character varying(20)'],
    ['price', 'numeric(10,2)'],
    ['mood', 'mood'],
    ['d', 'date'],
    ['email', 'text'],
    ['code', 'character(3)'],
  ]),
};
const fold = (sql: string): string => foldExpression(sql, context);

/** Spellings of one meaning: what people write, then what servers 14 to 18 answer. */
const same: readonly (readonly [string, ...string[]])[] = [
  ['a > 0', '(a > 0)', '((a)>((0)))', 'A > 0', 't.a > 0', '"a" > 0'],
  ["status = 'x'", "((status)::text = 'x'::text)"],
  [
    "status IN ('a', 'b')",
    "((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
    "((status)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))",
  ],
  ["status = 'a'", "status in ('a')"],
  ["email NOT IN ('a', 'b')", "(email <> ALL (ARRAY['a'::text, 'b'::text]))"],
  ['price > 0', '(price > (0)::numeric)'],
  ['price > -1.5', "(price > '-1.5'::numeric)"],
  ['a = -1', "(a = '-1'::integer)", "a = '-1'::int4"],
  ["mood = 'ok'", "(mood = 'ok'::mood)"],
  ["d >= '2020-01-01'", "(d >= '2020-01-01'::date)", "d >= date '2020-01-01'"],
  ['a between 1 and 10', '((a >= 1) AND (a <= 10))'],
  ['a not between 1 and 10', '((a < 1) OR (a > 10))'],
  ['lower(email)', 'lower((email)::text)', 'LOWER(email)'],
  ["email LIKE '%@%'", "(email ~~ '%@%'::text)"],
  ["email NOT ILIKE 'x%'", "(email !~~* 'x%'::text)"],
  ['a != 1', '(a <> 1)'],
  ['a IS NOT NULL', 'a notnull', '(a IS NOT NULL)'],
  ['a > 1 AND a < 5 AND a <> 3', '((a > 1) AND (a < 5) AND (a <> 3))', '((a > 1 AND a < 5) AND a <> 3)'],
  ["CASE WHEN a > 0 THEN 'x' END", "CASE\n WHEN (a > 0) THEN 'x'::text\n ELSE NULL::text END"],
  ["now() AT TIME ZONE 'utc'", "(now() AT TIME ZONE 'utc'::text)"],
  ['cast(a as bigint)', '(a)::bigint', 'a::int8'],
  ['/* why */ a > 0 -- because', 'a > 0'],
];

/** Texts that must stay apart. */
const different: readonly (readonly [string, string])[] = [
  ['a - (1 - 2)', 'a - 1 - 2'],
  ['(a + 1) * 2', 'a + 1 * 2'],
  ['NOT (a > 1 AND price < 2)', 'NOT a > 1 AND price < 2'],
  ['a = 1 OR a = 2 AND a = 3', '(a = 1 OR a = 2) AND a = 3'],
  ["'A'", "'a'"],
  ['"A" > 0', 'A > 0'],
  ['user', '"user"'],
  ['now()', 'CURRENT_TIMESTAMP'],
  ["('now'::text)::date", "'now'::date"],
  ['code::text', 'code'],
  ["code::text = 'x'", "code = 'x'"],
  ['a / 2::numeric', 'a / 2'],
  ['ARRAY[status::text]', 'ARRAY[status]'],
  ["ARRAY['a'::varchar]", "ARRAY['a']"],
  ['ARRAY[]::text[]', 'ARRAY[]'],
  ['other.a > 0', 'a > 0'],
  ["'a' = E'\\\\a'", "'a' = '\\a'"],
];

describe('expressions', () => {
  test.each(same)('%s', (first, ...others) => {
    for (const other of others) expect(fold(other)).toBe(fold(first));
  });

  test.each(different)('%s is not %s', (a, b) => {
    expect(fold(a)).not.toBe(fold(b));
  });

  test('folding twice changes nothing, and says what it folded', () => {
    const texts = [...same.flat(), ...different.flat(), 'extract(year from d) > 2000', "x.y['k'] = $$a$$"];
    for (const text of texts) expect(fold(fold(text))).toBe(fold(text));
    expect(fold("((status)::text = 'x'::text)")).toBe("status = 'x'");
    expect(fold('(("Weird Name" + 1) > "user")')).toBe('"Weird Name" + 1 > "user"');
  });

  test('beyond the grammar only the outer parentheses go', () => {
    expect(fold('((a IN (SELECT  1)))')).toBe('a IN (SELECT  1)');
    expect(fold("(a) = ')'")).toBe("a = ')'");
    expect(fold('(a FILTER ()) (')).toBe('(a FILTER ()) (');
  });

  test('any text is folded without a crash, and twice as once', () => {
    const pieces = fc.constantFrom(
      'a',
      '(',
      ')',
      '"',
      "'",
      'and',
      'not',
      '=',
      '::',
      'text',
      '[',
      ']',
      ',',
      '1',
      'case',
      'in',
      '-',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (words) => {
        const once = fold(words.join(' '));
        expect(fold(once)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });

  test('a very deep or long text does no harm', () => {
    const deep = `${'('.repeat(20_000)}a${')'.repeat(20_000)}`;
    expect(fold(deep)).toBe('a');
    const long = Array.from({ length: 20_000 }, (_, i) => `a <> ${i}`).join(' AND ');
    expect(fold(long)).toBe(long);
  });

  test('identifiers, also those inside of strings', () => {
    expect([...identifiersIn(`nextval('"My Seq"'::regclass) + Foo."b""c"`)]).toEqual(
      expect.arrayContaining(['nextval', 'My Seq', 'regclass', 'foo', 'b"c']),
    );
  });
});
