import { describe, expect, it } from 'vitest';
import { draw, header, history } from '../../test/revisions/history.ts';
import { fc } from '../../test/support/laws.ts';
import { isSurefootError, type SurefootError } from '../kernel/errors.ts';
import { buildGraph } from './graph.ts';
import type { Purpose } from './identifiers.ts';
import { resolve, resolveDowngrade, resolveRange } from './identifiers.ts';
import { downgradePath } from './paths.ts';

function refusal(act: () => unknown): SurefootError {
  try {
    act();
  } catch (error) {
    if (isSurefootError(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

//   aaaa1 <- bbbb1 <- cccc1          (main)
//         <- feat1 <- feat2          (feature, declared on feat1)
//   solo1                            (own base)
const graph = history(`aaaa1 <- bbbb1 <- cccc1
  aaaa1 <- feat1 <- feat2
  feat1 is feature
  solo1`);

const ask = (identifier: string, current: string[] | null = null, purpose: Purpose = 'upgrade') =>
  resolve(identifier, graph, { current, purpose });

describe('names', () => {
  it.each([
    ['cccc1', ['cccc1']],
    ['cccc', ['cccc1']],
    ['heads', ['cccc1', 'feat2', 'solo1']],
    ['base', []],
    ['feature', ['feat2']],
    ['feature@head', ['feat2']],
    ['feature@heads', ['feat2']],
    ['feature@feat1', ['feat1']],
    ['feature@aaaa1', ['aaaa1']],
    ['feature@base', []],
    ['bbbb1@head', ['cccc1']],
    ['cccc1-1', ['bbbb1']],
    ['cccc1-3', []],
    ['bbbb1+1', ['cccc1']],
    ['feature@aaaa1+2', ['feat2']],
    ['feature@head-1', ['feat1']],
    ['solo1@head', ['solo1']],
  ] as const)('%s', (identifier, expected) => {
    expect(ask(identifier)).toEqual(expected);
  });

  it.each([
    ['+1', ['bbbb1'], ['cccc1']],
    ['current', ['cccc1', 'feat1'], ['feat1', 'cccc1']],
    ['current', [], []],
    ['feature@+1', ['bbbb1'], ['feat1']],
    ['feature@+2', ['feat1', 'cccc1'], null],
    ['feature@+1', ['feat1', 'cccc1'], ['feat2']],
    ['feature@+1', ['solo1'], ['aaaa1']],
  ] as const)('%s from %j', (identifier, current, expected) => {
    const act = () => resolve(identifier, graph, { current, purpose: 'upgrade' });
    if (expected === null) expect(refusal(act).code).toBe('revision/out-of-range');
    else expect(act().toSorted()).toEqual(expected.toSorted());
  });

  it('takes an exact name before steps, and a name of another tool', () => {
    const tricky = buildGraph([
      header('2024'),
      header('b', { revises: ['2024'], branchLabels: ['data-1'] }),
      header('c', { revises: ['b'], importedAs: '20240101_add user@example+1' }),
      header('d', { revises: ['2024'], branchLabels: ['data'] }),
    ]);
    const context = { current: null, purpose: 'show' as const };
    expect(resolve('data-1', tricky, context)).toEqual(['c']);
    expect(resolve('2024', tricky, context)).toEqual(['2024']);
    expect(resolve('20240101_add user@example+1', tricky, context)).toEqual(['c']);
    expect(resolve('data-1@head', tricky, context)).toEqual(['c']);
  });
});

describe('refusals', () => {
  it.each([
    ['', 'identifier/invalid'],
    [' aaaa1', 'identifier/invalid'],
    ['aaaa1\n', 'identifier/invalid'],
    ['@head', 'identifier/invalid'],
    ['feature@', 'identifier/invalid'],
    ['a@b@c', 'identifier/invalid'],
    ["x'; drop table", 'identifier/invalid'],
    ['aaaa1:bbbb1', 'identifier/invalid'],
    ['x'.repeat(300), 'identifier/too-long'],
    ['nope', 'revision/not-found'],
    ['HEAD', 'revision/not-found'],
    ['__proto__', 'revision/not-found'],
    ['c', 'revision/not-found'],
    ['1', 'revision/not-found'],
    ['featur@head', 'revision/not-found'],
    ['feat', 'revision/ambiguous'],
    ['head', 'revision/multiple-heads'],
    ['heads-1', 'revision/multiple-heads'],
    ['aaaa1@head', 'revision/multiple-heads'],
    ['feature@cccc1', 'revision/out-of-range'],
    ['aaaa1+1', 'revision/ambiguous'],
    ['bbbb1+2', 'revision/out-of-range'],
    ['bbbb1-3', 'revision/out-of-range'],
    ['bbbb1+0', 'revision/out-of-range'],
    ['bbbb1+99999999999999999999999', 'revision/out-of-range'],
    ['ae10+1foo', 'identifier/invalid'],
    ['current', 'identifier/invalid'],
    ['+1', 'identifier/invalid'],
    ['+', 'identifier/invalid'],
  ])('%j: %s', (identifier, code) => {
    const error = refusal(() => ask(identifier));
    expect(error.code).toBe(code);
    expect(error.hint).toBeTruthy();
  });

  it('name similar ids and candidates', () => {
    expect(refusal(() => ask('bbbb2')).hint).toContain('bbbb1');
    expect(refusal(() => ask('feat')).details).toMatchObject({ candidates: ['feat1', 'feat2'] });
    expect(refusal(() => ask('cc')).hint).toContain('cccc1');
  });

  it('of steps in the wrong direction, or from several rows', () => {
    expect(refusal(() => ask('-1', ['bbbb1'])).code).toBe('revision/out-of-range');
    expect(refusal(() => ask('+1', ['bbbb1'], 'downgrade')).code).toBe('revision/out-of-range');
    expect(refusal(() => ask('+1', ['bbbb1', 'feat1'])).code).toBe('revision/ambiguous');
    expect(refusal(() => ask('+1', [])).code).toBe('revision/ambiguous');
  });

  it('of rows that no file has', () => {
    expect(refusal(() => ask('current', ['feedface'])).code).toBe('revision/not-found');
  });
});

describe('the target of a downgrade', () => {
  const down = (identifier: string, rows: string[], text = '') => {
    const on = text === '' ? graph : history(text);
    const target = resolveDowngrade(identifier, on, rows);
    const applied = new Set(rows.flatMap((row) => [...resolvedAncestors(on, row)]));
    return downgradePath(on, applied, target);
  };
  const resolvedAncestors = (on: typeof graph, row: string): string[] => [
    row,
    ...(on.nodes.get(row)?.needs ?? []).flatMap((id) => resolvedAncestors(on, id)),
  ];

  it('-N goes down from the only row', () => {
    expect(down('-1', ['cccc1'])).toEqual(['cccc1']);
    expect(down('-3', ['cccc1'])).toEqual(['cccc1', 'bbbb1', 'aaaa1']);
    expect(refusal(() => down('-4', ['cccc1'])).code).toBe('revision/out-of-range');
    expect(refusal(() => down('-1', [])).code).toBe('revision/out-of-range');
  });

  it('-N with several rows is ambiguous', () => {
    expect(refusal(() => down('-1', ['cccc1', 'feat1'])).code).toBe('revision/ambiguous');
  });

  it('-1 at a merge point is ambiguous', () => {
    const merged = 'a <- b <- d; a <- c <- d';
    expect(refusal(() => down('-1', ['d'], merged)).details).toMatchObject({ candidates: ['b', 'c'] });
  });

  it('-1 leaves a sibling that the row depends on', () => {
    expect(down('-1', ['c'], 'p <- c; p <- s; c needs s')).toEqual(['c']);
  });

  it('label@-N goes down that branch only, and refuses where it is not applied', () => {
    expect(down('feature@-1', ['cccc1', 'feat2'])).toEqual(['feat2']);
    expect(down('feature@-2', ['cccc1', 'feat2'])).toEqual(['feat2', 'feat1']);
    expect(refusal(() => down('feature@-1', ['cccc1'])).code).toBe('revision/out-of-range');
  });

  it('label@id drops only what lies above on that branch', () => {
    expect(down('feature@aaaa1', ['cccc1', 'feat2'])).toEqual(['feat2', 'feat1']);
    expect(down('aaaa1', ['cccc1', 'feat2']).toSorted()).toEqual(['bbbb1', 'cccc1', 'feat1', 'feat2']);
    expect(refusal(() => down('feature@bbbb1', ['cccc1'])).code).toBe('revision/out-of-range');
  });

  it('label@base drops the root of the branch with all above it, and leaves other bases', () => {
    expect(down('feature@base', ['feat1', 'solo1'])).toEqual(['feat1', 'aaaa1']);
    expect(down('base', ['feat1', 'solo1']).toSorted()).toEqual(['aaaa1', 'feat1', 'solo1']);
  });

  it('heads is refused when there are several', () => {
    expect(refusal(() => down('heads', ['cccc1'])).code).toBe('revision/multiple-heads');
  });
});

describe('a stamp', () => {
  it('of label@base takes the rows of that branch away', () => {
    expect(ask('feature@base', ['feat1', 'solo1'], 'stamp')).toEqual(['solo1']);
  });
});

describe('ranges', () => {
  const range = (text: string, current: string[] | null = null) =>
    resolveRange(text, graph, { current, purpose: 'show' });

  it('may leave out an end', () => {
    expect(range('aaaa1:cccc1')).toEqual({ lower: ['aaaa1'], upper: ['cccc1'] });
    expect(range(':bbbb1')).toEqual({ lower: [], upper: ['bbbb1'] });
    expect(range('bbbb1:')).toEqual({ lower: ['bbbb1'], upper: ['cccc1', 'feat2', 'solo1'] });
    expect(range('current:', ['cccc1', 'feat1']).lower.toSorted()).toEqual(['cccc1', 'feat1']);
    expect(range('-1:current', ['cccc1'])).toEqual({ lower: ['bbbb1'], upper: ['cccc1'] });
  });

  it('must go up', () => {
    expect(refusal(() => range('cccc1:bbbb1')).code).toBe('revision/not-an-ancestor');
    expect(refusal(() => range('feat1:cccc1')).code).toBe('revision/not-an-ancestor');
    expect(refusal(() => range('cccc1'))).toMatchObject({
      code: 'identifier/invalid',
      hint: expect.stringContaining("'cccc1:cccc1' is this one alone"),
    });
  });
});

describe('any identifier', () => {
  const hostile = buildGraph([
    ...draw(
      'aaaa1 <- bbbb1 <- dddd1; aaaa1 <- cccc1 <- dddd1; dddd1 needs solo1; solo1 <- solo2; cccc1 is feature',
    ),
    header('__proto__', { importedAs: 'x y' }),
  ]);
  const piece = fc.oneof(
    fc.constantFrom(
      'head',
      'heads',
      'base',
      'current',
      'feature',
      'aaaa1',
      'aaaa',
      'solo',
      '__proto__',
      'x y',
    ),
    fc.constantFrom(
      '@',
      '+',
      '-',
      ':',
      '+1',
      '-1',
      '-2',
      '+0',
      '-999999999999',
      ' ',
      '\u0000',
      '\ud800',
      '%',
      "'",
    ),
    fc.string({ maxLength: 6 }),
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  const anyIdentifier = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
  const rows = fc.subarray(['aaaa1', 'bbbb1', 'cccc1', 'dddd1', 'solo1', 'solo2', 'gone']);
  const orRefuses = (act: () => unknown) => {
    try {
      act();
    } catch (error) {
      expect(isSurefootError(error), String(error)).toBe(true);
    }
  };

  it('resolves or is refused, whatever it is', () => {
    fc.assert(
      fc.property(
        anyIdentifier,
        fc.option(rows),
        fc.constantFrom<Purpose>('upgrade', 'downgrade', 'stamp', 'show'),
        (identifier, current, purpose) => {
          orRefuses(() => {
            for (const id of resolve(identifier, hostile, { current, purpose }))
              expect(hostile.nodes.has(id)).toBe(true);
          });
          orRefuses(() => resolveRange(identifier, hostile, { current, purpose }));
          orRefuses(() => {
            const applied = new Set((current ?? []).filter((id) => hostile.nodes.has(id)));
            downgradePath(hostile, applied, resolveDowngrade(identifier, hostile, current));
          });
        },
      ),
      { numRuns: 5000 },
    );
  });
});
