// Array literals in the form that the server prints.
// In: `{"a", b ,{c}}`, a fold of one element. Out: `{a,b,{c}}`. Must not know types.

const token = /\s*(?:"((?:[^"\\]|\\[\s\S])*)"|([{},])|((?:[^{},"\\\s]|\\[\s\S])(?:[^{},"\\]|\\[\s\S])*))\s*/y;

const needsQuotes = /^$|^null$|[{},"\\\s]/i;

const quoted = (text: string): string =>
  needsQuotes.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;

const plain = (text: string): string => text.replace(/\\([\s\S])/g, '$1');

/** One element, by its token: in quotes it is never null. */
function element(match: RegExpExecArray, fold: (text: string) => string): string {
  const [, string, , bare = ''] = match;
  if (string !== undefined) return quoted(fold(plain(string)));
  const text = bare.trimEnd();
  return /^null$/i.test(text) ? 'NULL' : quoted(fold(plain(text)));
}

/** An array's text, its elements folded and quoted only where they must be; what is no such text stays as it is. */
export function foldArray(text: string, fold: (text: string) => string): string {
  if (!text.trim().startsWith('{')) return text;
  const reader = new RegExp(token);
  const parts: string[] = [];
  while (reader.lastIndex < text.length) {
    const match = reader.exec(text);
    if (match === null) return text;
    parts.push(match[2] ?? element(match, fold));
  }
  return parts.join('');
}
