// Reads an argument list. In: texts, option specs. Out: verb, values, arguments. Must not know what a verb does.

import { nearest } from '../../kernel/nearest.ts';
import { parseArgs } from '../node-util.ts';
import type { OptionSpecs, OptionValues } from './option.ts';
import { optionName } from './option.ts';
import { usageError } from './usage.ts';

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];
type OptionToken = Extract<Token, { readonly kind: 'option' }>;

// A step down the chain (`-1`) looks like an option. No argument holds this character.
const mark = '\0';
const hideSteps = (text: string) => (/^-\d/.test(text) ? mark + text : text);
const showSteps = (text: string) => (text.startsWith(mark) ? text.slice(1) : text);

function tokenize(texts: readonly string[], specs: OptionSpecs): readonly Token[] {
  const options = Object.entries(specs).map(([key, { kind, short }]) => {
    const type = kind === 'flag' ? ('boolean' as const) : ('string' as const);
    return [optionName(key), { type, multiple: true, ...(short === null ? {} : { short }) }];
  });
  const { tokens } = parseArgs({
    args: texts.map(hideSteps),
    options: Object.fromEntries(options),
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  return tokens;
}

/** The first word that is no option and no value of one, and the unknown option before it, if any. */
export function findVerb(
  texts: readonly string[],
  globals: OptionSpecs,
): { readonly verb: string | null; readonly rest: readonly string[] } {
  const tokens = tokenize(texts, globals);
  const token = tokens.find(({ kind }) => kind === 'positional');
  if (token?.kind !== 'positional') return { verb: null, rest: texts };
  for (const before of tokens) {
    if (before === token) break;
    if (before.kind === 'option') refuseUnknown(before, globals, 'before the verb');
  }
  return { verb: showSteps(token.value), rest: texts.toSpliced(token.index, 1) };
}

/** The values of the options, and the arguments between them. */
export interface ReadArguments<S extends OptionSpecs> {
  readonly options: OptionValues<S>;
  readonly arguments: readonly string[];
}

/** Reads what stands behind a verb. */
export function readArguments<S extends OptionSpecs>(texts: readonly string[], specs: S): ReadArguments<S> {
  const given = new Map<string, string[]>();
  const rest: string[] = [];
  for (const token of tokenize(texts, specs)) {
    if (token.kind === 'positional') rest.push(showSteps(token.value));
    if (token.kind !== 'option') continue;
    refuseUnknown(token, specs, '');
    const list = given.get(token.name) ?? [];
    given.set(token.name, [...list, givenValue(token, specs)]);
  }
  const values = Object.entries(specs).map(([key, spec]) => {
    const name = optionName(key);
    return [key, spec.read(given.get(name) ?? [], `--${name}`)];
  });
  return { options: Object.fromEntries(values), arguments: rest };
}

function specOf(token: OptionToken, specs: OptionSpecs) {
  const key = Object.keys(specs).find((one) => optionName(one) === token.name);
  return key === undefined ? undefined : specs[key];
}

function refuseUnknown(token: OptionToken, specs: OptionSpecs, where: string): void {
  if (specOf(token, specs) !== undefined) return;
  const meant = nearest(token.name, Object.keys(specs).map(optionName));
  const place = where === '' ? '' : ` ${where}`;
  const hint = meant === null ? undefined : `Did you mean --${meant}?`;
  throw usageError(`there is no option ${token.rawName}${place}`, token.rawName, hint);
}

function givenValue(token: OptionToken, specs: OptionSpecs): string {
  const spec = specOf(token, specs);
  const { rawName, value } = token;
  if (spec?.kind === 'flag') {
    if (value === undefined) return '';
    throw usageError(`${rawName} takes no value`, `${rawName}=${value}`);
  }
  if (value === undefined)
    throw usageError(`${rawName} needs a value: ${rawName} ${spec?.placeholder}`, rawName);
  if (token.inlineValue || !/^-./.test(value)) return showSteps(value);
  const hint = `To give a value that begins with a dash, write --${token.name}=${value}.`;
  throw usageError(`${rawName} needs a value, and ${value} looks like an option`, rawName, hint);
}
