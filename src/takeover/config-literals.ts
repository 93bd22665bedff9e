// Literals of another tool's config, read as text: nothing of it is run.
// In: the config's text. Out: values that stand there as they are. Must not know a tool.

import { join } from 'node:path';
import type { JsToken } from '../revisions/js-lexer.ts';
import { openLexer, stringValue } from '../revisions/js-lexer.ts';
import { namesIn } from './find-folder.ts';
import { readForeignText } from './read-text.ts';

/** `table` of `migrations: { table: 'x' }`, as `migrations.table`. Only plain strings are found. */
export type ConfigLiterals = ReadonlyMap<string, string>;

function tokensOf(text: string): readonly JsToken[] {
  const tokens: JsToken[] = [];
  const lexer = openLexer(text);
  for (let token = lexer.next(); token; token = lexer.next()) tokens.push(token);
  return tokens;
}

const opens = (token: JsToken) => /^[{([]$/.test(token.text);
const closes = (token: JsToken) => /^[})\]]$/.test(token.text);
const nameOf = (token: JsToken | undefined) =>
  token === undefined ? '' : token.kind === 'string' ? stringValue(token) : token.text;

/** The members of the object literals in a text, by their path. The first one of a path counts. */
export function literalsIn(text: string): ConfigLiterals {
  const found = new Map<string, string>();
  const path: string[] = [];
  const tokens = tokensOf(text);
  for (const [i, token] of tokens.entries()) {
    const key = tokens[i - 1]?.text === ':' ? nameOf(tokens[i - 2]) : '';
    if (opens(token)) path.push(key);
    else if (closes(token)) path.pop();
    else if (token.kind === 'string' && key !== '') {
      const whole = [...path, key].filter((one) => one !== '').join('.');
      if (!found.has(whole)) found.set(whole, stringValue(token));
    }
  }
  return found;
}

/** The literals of the first of these files that is in the folder. */
export async function configLiterals(folder: string, files: readonly string[]): Promise<ConfigLiterals> {
  const names = (await namesIn(folder)) ?? [];
  const file = files.find((one) => names.includes(one));
  return file === undefined ? new Map() : literalsIn((await readForeignText(join(folder, file))).text);
}
