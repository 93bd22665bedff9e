import type { ColumnDefault, ColumnType } from '../../schema/schema.ts';
import { foldExpression, type Names } from './expressions.ts';
import { literal } from './quote.ts';
import { type Token, tokenize } from './tokens.ts';
import { affinityOf, spellType } from './types.ts';

/** What a column makes of a default, by its affinity: '5' becomes a number in one, 5 a text in the other. */
function keeps(type: ColumnType): 'numbers' | 'texts' | 'both' {
  const text = spellType(type);
  const affinity = affinityOf(text);
  if (affinity === 'text') return 'texts';
  // ANY keeps what it is given where the table is STRICT.
  return affinity === 'blob' || text.toUpperCase() === 'ANY' ? 'both' : 'numbers';
}

/** A number, or its digits where a number would lose some; `null`: not a plain number. */
function parseNumber(text: string): number | string | null {
  if (/^[+-]?\d+$/.test(text)) {
    const value = Number(text);
    return Number.isSafeInteger(value) ? value + 0 : text.replace(/^\+/, '');
  }
  const digits = text.replace(/[^0-9]/g, '').replace(/^0+/, '');
  return /^[+-]?(\d+\.\d*|\.\d+)$/.test(text) && digits.length <= 15 ? Number(text) + 0 : null;
}

/** `-1` as sign and number; anything else as it is. */
function splitSign(tokens: readonly Token[]): readonly [sign: string, token: Token | undefined] {
  const [first, second] = tokens;
  const signed = tokens.length === 2 && first?.kind === 'symbol' && /^[+-]$/.test(first.text);
  return signed ? [first.text, second] : ['', tokens.length === 1 ? first : undefined];
}

function literalOf(tokens: readonly Token[], type: ColumnType): string | number | boolean | null {
  const [sign, token] = splitSign(tokens);
  if (token?.kind === 'number') {
    const number = parseNumber(sign + token.text);
    // Digits beyond 2^53 are text in the model, which only a numeric column takes back as a number.
    return typeof number === 'string' && keeps(type) !== 'numbers' ? null : number;
  }
  if (token === undefined || sign !== '') return null;
  if (token.kind === 'string') return token.value;
  return token.kind === 'word' && /^(TRUE|FALSE)$/.test(token.text) ? token.text === 'TRUE' : null;
}

/** The value that SQLite keeps when a column of this type gets this literal. */
function foldLiteral(value: string | number | boolean, type: ColumnType): ColumnDefault {
  const as = (folded: string | number | boolean): ColumnDefault => ({ kind: 'literal', value: folded });
  const plain = typeof value === 'boolean' ? Number(value) : value;
  if (keeps(type) === 'texts') return as(Number.isInteger(plain) ? String(plain) : plain);
  const number =
    typeof plain === 'string' && keeps(type) === 'numbers' ? (parseNumber(plain) ?? plain) : plain;
  return as(type.kind === 'boolean' && (number === 0 || number === 1) ? number === 1 : number);
}

/** A default mentions no column. */
const noNames: Names = { table: '', columns: new Map() };

/** A default in the one form that equal ones share; `null`: no default, or NULL. */
export function foldDefault(value: ColumnDefault | null, type: ColumnType): ColumnDefault | null {
  if (value === null) return null;
  if (value.kind === 'literal') return foldLiteral(value.value, type);
  const sql = foldExpression(value.sql, noNames);
  if (sql === 'NULL' || sql === '') return null;
  const parsed = literalOf(tokenize(sql), type);
  return parsed === null ? { kind: 'expression', sql } : foldLiteral(parsed, type);
}

function spellLiteral(value: string | number | boolean, type: ColumnType): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return String(value);
  return keeps(type) === 'numbers' && /^-?\d+$/.test(value) ? value : literal(value);
}

/** A default as a column definition spells it, after the word DEFAULT. */
export function spellDefault(value: ColumnDefault, type: ColumnType): string {
  if (value.kind === 'literal') return spellLiteral(value.value, type);
  return isClock(value.sql) ? value.sql : `(${value.sql})`;
}

function isClock(sql: string): boolean {
  return /^CURRENT_(TIME|DATE|TIMESTAMP)$/i.test(sql);
}

/** True if the value is the same for every row: ADD COLUMN takes nothing else. */
export function isConstantDefault(value: ColumnDefault): boolean {
  return value.kind === 'literal' && !(typeof value.value === 'string' && value.value.includes('\0'));
}
