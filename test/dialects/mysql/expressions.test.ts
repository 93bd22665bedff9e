import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textOf } from '../../../src/dialect/rows.ts';
import { foldExpression } from '../../../src/dialects/mysql/expressions.ts';
import { fc } from '../../support/laws.ts';
import { type Bench, mysqlEngines, openBench } from './support.ts';

const columns = ['a', 'b', 'c'];
const binary = [
  '+',
  '-',
  '*',
  'DIV',
  '%',
  '=',
  '<',
  '>=',
  '<>',
  '!=',
  '<=>',
  'AND',
  'OR',
  '&&',
  '||',
  'XOR',
  '|',
  '&',
  '<<',
  '^',
];

/** Expressions with as many or as few parentheses as chance puts there. */
const { expression } = fc.letrec<{ expression: string; leaf: string }>((tie) => ({
  leaf: fc.constantFrom('a', '`b`', 'C', '1', '-2', '0', 'NULL', "'3'", 'abs(a)', 'IFNULL(b, 1)'),
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('leaf'),
    fc
      .tuple(tie('expression'), fc.constantFrom(...binary), tie('expression'))
      .map((parts) => parts.join(' ')),
    tie('expression').map((inner) => `(${inner})`),
    tie('expression').map((inner) => `((${inner}))`),
    tie('expression').map((inner) => `NOT ${inner}`),
    tie('expression').map((inner) => `(${inner}) IN (1, (b))`),
    tie('expression').map((inner) => `(${inner}) IS NOT NULL`),
    tie('expression').map((inner) => `-(${inner})`),
    tie('expression').map((inner) => `CASE WHEN (${inner}) THEN a ELSE (b) END`),
    fc.tuple(tie('leaf'), tie('leaf'), tie('expression')).map(([x, y, z]) => `${x} BETWEEN ${y} AND (${z})`),
  ),
}));

describe.skipIf(mysqlEngines.length === 0).each(mysqlEngines)('folded expressions on %s', (engine) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(engine);
    await bench.connection.query("SET SESSION sql_mode = ''");
    await bench.connection.query('CREATE TABLE n (a int, b int, c int)');
    const values = ['NULL', '0', '1', '-2', '3'];
    const rows = values.flatMap((a) => values.flatMap((b) => values.map((c) => `(${a}, ${b}, ${c})`)));
    await bench.connection.query(`INSERT INTO n VALUES ${rows.join(', ')}`);
  });
  afterAll(async () => {
    await bench.close();
  });

  test('mean what they meant, for the server itself', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(expression, async (sql) => {
        // Not everything that chance writes is SQL.
        const accepted = await bench.connection.query(`SELECT (${sql}) FROM n WHERE FALSE`).then(
          () => true,
          () => false,
        );
        if (!accepted) return;
        const folded = foldExpression(sql, columns);
        const query = `SELECT COUNT(*) AS n FROM n WHERE NOT ((${sql}) <=> (${folded}))`;
        // Numbers that leave their range are an error in both spellings.
        const answer = await bench.connection.query(query).catch((error: unknown) => {
          expect(String(error)).toMatch(/out of range/i);
          return null;
        });
        if (answer === null) return;
        compared += 1;
        expect(textOf(answer.rows[0], 'n'), `${sql}  →  ${folded}`).toBe('0');
      }),
      { numRuns: 2_500 },
    );
    expect(compared).toBeGreaterThan(800);
  });
});
