import { isExpressionKeyword } from './keywords.ts';
import { foldName } from './quote.ts';
import type { Token } from './tokens.ts';
import { isName, tokenize, trimStatement } from './tokens.ts';

// ALTER TABLE … RENAME writes the new name into the texts of views and triggers, and always in quotes.

function mark(token: Token): string {
  const named: boolean = isName(token);
  if (!named) return `${token.kind} ${token.text}`;
  const isKeyword = token.kind === 'word' && isExpressionKeyword(token.text);
  return `${isKeyword ? 'keyword' : 'name'} ${foldName(token.value)}`;
}

/** True if two texts of a view or trigger differ only in white space, comments, quotes and the case of names. */
export function sameProgram(a: string, b: string): boolean {
  const [left, right] = [tokenize(trimStatement(a)), tokenize(trimStatement(b))];
  return (
    left.length === right.length &&
    left.every((token, at) => {
      const other = right[at];
      return other !== undefined && mark(token) === mark(other);
    })
  );
}
