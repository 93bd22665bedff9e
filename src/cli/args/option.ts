// What an option is. In: its description. Out: OptionSpec. Must not know verbs.

import { usageError } from './usage.ts';

/** An option of a verb: `V` is what its values become. */
export interface OptionSpec<V> {
  /** `flag`: it takes no value. */
  readonly kind: 'flag' | 'value';
  readonly short: string | null;
  /** What stands for the value in help; '' for a flag. */
  readonly placeholder: string;
  readonly summary: string;
  /** The values it may have, where they are few. */
  readonly choices: readonly string[];
  /** The value from all that were given, in order; none: it was not given. */
  read(given: readonly string[], name: string): V;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec<unknown>>>;

/** The values of options by name. */
export type OptionValues<S extends OptionSpecs> = {
  readonly [K in keyof S]: S[K] extends OptionSpec<infer V> ? V : never;
};

interface Words {
  readonly short?: string;
  readonly placeholder?: string;
}

interface CountWords extends Words {
  /** The least that it may be; default 1. */
  readonly from?: 0 | 1;
}

function valueSpec<V>(
  summary: string,
  words: Words & { readonly choices?: readonly string[] },
  read: OptionSpec<V>['read'],
): OptionSpec<V> {
  const { short = null, placeholder = 'TEXT', choices = [] } = words;
  return { kind: 'value', short, placeholder, summary, choices, read };
}

/** On or off. */
export function flag(summary: string, words: Words = {}): OptionSpec<boolean> {
  const { short = null } = words;
  return { kind: 'flag', short, placeholder: '', summary, choices: [], read: (given) => given.length > 0 };
}

/** One text; the last one counts. */
export function value(summary: string, words: Words = {}): OptionSpec<string | undefined> {
  return valueSpec(summary, words, (given) => given.at(-1));
}

/** One URL. An empty one is a variable that is not set, and must not mean another database. */
export function url(summary: string): OptionSpec<string | undefined> {
  return valueSpec(summary, { placeholder: 'URL' }, (given, name) => {
    const last = given.at(-1);
    if (last?.trim() === '') throw usageError(`${name} is empty`, name);
    return last;
  });
}

/** Texts: the option may be given again. */
export function list(summary: string, words: Words = {}): OptionSpec<readonly string[]> {
  return valueSpec(summary, words, (given) => given);
}

/** One of a few words. */
export function choice<const C extends string>(
  summary: string,
  choices: readonly C[],
): OptionSpec<C | undefined> {
  const words = { placeholder: choices.join('|'), choices };
  return valueSpec(summary, words, (given, name) => {
    const word = given.at(-1);
    const known = choices.find((one) => one === word);
    if (word === undefined || known !== undefined) return known;
    throw usageError(`${name} ${JSON.stringify(word)} is not one of ${choices.join(', ')}`, word);
  });
}

/** Some of a few words: the option may be given again. */
export function choiceList<const C extends string>(
  summary: string,
  choices: readonly C[],
): OptionSpec<readonly C[]> {
  const one = choice(summary, choices);
  return {
    ...one,
    read: (given, name) => given.flatMap((word) => one.read([word], name) ?? []),
  };
}

/** A whole number. */
export function count(summary: string, words: CountWords = {}): OptionSpec<number | undefined> {
  const { from = 1 } = words;
  return valueSpec(summary, { placeholder: 'N', ...words }, (given, name) => {
    const text = given.at(-1);
    if (text === undefined) return undefined;
    if (/^(?:0|[1-9]\d{0,8})$/.test(text) && Number(text) >= from) return Number(text);
    throw usageError(`${name} needs a whole number from ${from}, not ${JSON.stringify(text)}`, text);
  });
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A span of time, in milliseconds: `500ms`, `30s`, `2m`; a bare number counts seconds. */
export function duration(summary: string): OptionSpec<number | undefined> {
  return valueSpec(summary, { placeholder: 'TIME' }, (given, name) => {
    const text = given.at(-1);
    if (text === undefined) return undefined;
    const [, amount, unit = 's'] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)?$/.exec(text) ?? [];
    if (amount !== undefined) return Math.round(Number(amount) * (units[unit] ?? 1));
    throw usageError(`${name} needs a time such as 30s, 500ms or 2m, not ${JSON.stringify(text)}`, text);
  });
}

/** `name=value` pairs: the option may be given again. */
export function pairs(
  summary: string,
  words: Words,
): OptionSpec<Readonly<Record<string, string>> | undefined> {
  return valueSpec(summary, words, (given, name) => {
    if (given.length === 0) return undefined;
    const entries = given.map((text): readonly [string, string] => {
      const at = text.lastIndexOf('=');
      if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
      throw usageError(
        `${name} needs ${words.placeholder ?? 'name=value'}, not ${JSON.stringify(text)}`,
        text,
      );
    });
    return Object.fromEntries(entries);
  });
}

/** `lockTimeout` is written `--lock-timeout`. */
export function optionName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
