import { expect, test } from 'vitest';
import { clean, cleanText, oneLine, printJson } from './clean.ts';

test('nothing that steers a terminal is left, everything else is', () => {
  expect(cleanText('\u001b[31mred\u001b]0;title\u0007 \u009b2J \u202Eevil\u2066 \r\n\tüñ 日本 🦶')).toBe(
    '\\u001b[31mred\\u001b]0;title\\u0007 \\u009b2J \\u202eevil\\u2066 \n\tüñ 日本 🦶',
  );
  expect(cleanText('progress\rerror')).toBe('progress\\u000derror');
  expect(oneLine('a\r\n  b\tc\u2028d')).toBe('a ⏎ b c\\u2028d');
});

test('names and texts of any JSON', () => {
  const hostile = JSON.parse('{ "__proto__": "\\u001b[0m", "a\\u0007": ["\\u009b", 1, null, true] }');
  expect(JSON.stringify(clean(hostile))).toBe(
    '{"__proto__":"\\\\u001b[0m","a\\\\u0007":["\\\\u009b",1,null,true]}',
  );
});

test('printed JSON reads back as it was', () => {
  const value = { a: '\u001b\u009b\u202e\u2028"\\', b: ['\u0000'] };
  for (const char of '\u001b\u009b\u202e\u2028') expect(printJson(value)).not.toContain(char);
  expect(JSON.parse(printJson(value))).toEqual(value);
});
