import { describe, expect, test } from 'vitest';
import { globalOptions } from './global-options.ts';
import { choiceList, count, duration, flag, list, pairs, value } from './option.ts';
import { findVerb, readArguments } from './read-arguments.ts';

const specs = {
  ...globalOptions,
  message: value('', { short: 'm' }),
  range: value('', { short: 'r' }),
  dependsOn: list(''),
  limit: count('', { short: 'n' }),
  lockTimeout: duration(''),
  objectAt: pairs('', { placeholder: 'NAME=ID' }),
  allow: choiceList('', ['data-loss', 'drop-all']),
  sql: flag(''),
};

const read = (...texts: string[]) => readArguments(texts, specs);
const refusal = (texts: readonly string[]) => {
  try {
    readArguments(texts, specs);
  } catch (error) {
    return error;
  }
  return null;
};

describe('the verb', () => {
  test.each([
    [['upgrade', 'head'], 'upgrade', ['head']],
    [['--json', '--cwd', 'x', 'upgrade', '+1'], 'upgrade', ['--json', '--cwd', 'x', '+1']],
    [['-C', 'upgrade', 'current', '-v'], 'current', ['-C', 'upgrade', '-v']],
    [['--url=a', '-qv', 'up', '-1'], 'up', ['--url=a', '-qv', '-1']],
    [['--json'], null, ['--json']],
    [[], null, []],
  ])('%o', (texts, verb, rest) => {
    expect(findVerb(texts, globalOptions)).toEqual({ verb, rest });
  });

  test('an option of a verb before the verb', () => {
    expect(() => findVerb(['-m', 'x', 'revision'], globalOptions)).toThrow(
      'there is no option -m before the verb',
    );
  });
});

describe('steps down the chain are no options', () => {
  test.each([
    [['-1'], ['-1']],
    [['-12', '--sql'], ['-12']],
    [['-1:current'], ['-1:current']],
    [
      ['label@-1', '+1', 'label@+1'],
      ['label@-1', '+1', 'label@+1'],
    ],
    [['--', '--sql'], ['--sql']],
    [['-'], ['-']],
  ])('%o', (texts, words) => {
    expect(read(...texts).arguments).toEqual(words);
  });

  test.each([
    [['-r-2:current']],
    [['-r', '-2:current']],
    [['--range=-2:current']],
    [['--range', '-2:current']],
  ])('%o', (texts) => {
    expect(read(...texts)).toMatchObject({ options: { range: '-2:current' }, arguments: [] });
  });
});

describe('values', () => {
  test('texts as they are, the last one counts, lists keep all', () => {
    const { options } = read(
      '-m',
      'a',
      '--message=--json',
      '--depends-on',
      'x',
      '--depends-on',
      'y',
      '-m',
      '',
    );
    expect(options).toMatchObject({ message: '', dependsOn: ['x', 'y'], json: false, sql: false });
  });

  test.each([
    ['30', 30_000],
    ['500ms', 500],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['0', 0],
  ])('time %s', (text, ms) => {
    expect(read('--lock-timeout', text).options.lockTimeout).toBe(ms);
  });

  test('pairs and choices', () => {
    const { options } = read('--object-at', 'a=b=1', '--object-at=__proto__=x', '--allow', 'data-loss');
    expect(options.objectAt).toEqual(
      Object.fromEntries([
        ['a=b', '1'],
        ['__proto__', 'x'],
      ]),
    );
    expect(options.allow).toEqual(['data-loss']);
    expect(read().options).toMatchObject({ objectAt: undefined, allow: [], limit: undefined });
  });
});

test.each([
  [['--mesage', 'x'], 'there is no option --mesage', 'Did you mean --message?'],
  [['--zzzzzz'], 'there is no option --zzzzzz', undefined],
  [['-z'], 'there is no option -z', undefined],
  [['--__proto__'], 'there is no option --__proto__', undefined],
  [['--message'], '--message needs a value: --message TEXT', undefined],
  [
    ['-m', '--sql'],
    '-m needs a value, and --sql looks like an option',
    'To give a value that begins with a dash, write --message=--sql.',
  ],
  [['--sql=yes'], '--sql takes no value', undefined],
  [['-n', '0'], '--limit needs a whole number from 1, not "0"', undefined],
  [['-n', '1e3'], '--limit needs a whole number from 1, not "1e3"', undefined],
  [['-n', '-5'], '--limit needs a whole number from 1, not "-5"', undefined],
  [['--lock-timeout', 'soon'], '--lock-timeout needs a time such as 30s, 500ms or 2m, not "soon"', undefined],
  [['--object-at', 'x'], '--object-at needs NAME=ID, not "x"', undefined],
  [['--object-at', '=x'], '--object-at needs NAME=ID, not "=x"', undefined],
  [['--allow', 'all'], '--allow "all" is not one of data-loss, drop-all', undefined],
])('%o is refused', (texts, message, hint) => {
  const error = refusal(texts);
  expect(error).toMatchObject({ code: 'usage/invalid', message });
  expect(error).toHaveProperty('hint', hint ?? 'See `surefoot --help`, or --help behind the verb.');
});
