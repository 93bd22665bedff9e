import { escapeControls, stringLiteral } from '../../revisions/render.ts';

/** A text with its line breaks, as a template. */
export function template(text: string): string {
  return `\`${escapeControls(text, '\n\t').replaceAll('`', '\\`').replaceAll('${', '\\${')}\``;
}

/** SQL with quoted names, in quotes that leave room for more: who fills in a text writes it in apostrophes. */
export function sqlLiteral(sql: string): string {
  const [hasDouble, hasTick] = [sql.includes('"'), sql.includes('`')];
  if (hasDouble === hasTick || sql.includes("'") || sql.includes('${')) return stringLiteral(sql);
  return hasDouble ? template(sql) : `"${escapeControls(sql)}"`;
}

/** The name of a member as it stands in an object: what `{ __proto__: … }` says is no member. */
export function memberName(name: string): string {
  if (name === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : stringLiteral(name);
}

/** Lines of a comment, none longer than the width unless a word is. */
export function commentLines(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split(/[\n\r\u2028\u2029]+/)) {
    let line = '//';
    for (const word of escapeControls(paragraph).replaceAll('\\\\', '\\').split(/\s+/).filter(Boolean)) {
      if (line !== '//' && line.length + 1 + word.length > width) {
        lines.push(line);
        line = '//';
      }
      line += ` ${word}`;
    }
    if (line !== '//') lines.push(line);
  }
  return lines;
}
