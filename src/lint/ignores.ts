// Comments that silence a rule. In: a file's text. Out: which rules, where, and why. Must not know rules.

/** `surefoot-ignore RULE: why`, on the line of the operation or right above it; `surefoot-ignore-file RULE: why` anywhere. */
export interface Ignore {
  /** Empty: the comment does not say it in the form that is read. */
  readonly rule: string;
  readonly reason: string;
  /** Where the comment stands, from 1. */
  readonly line: number;
  /** The last line of the comments and blank lines that it stands in: what follows is meant. `null`: the whole file is. */
  readonly until: number | null;
}

const comment = /^\s*(?:\/\/|--|\/\*+|\*|#)/;
const pattern = /(?:\/\/|--|\/\*+|^\s*\*|#)\s*surefoot-ignore(-file)?(?![\w-])(.*?)(?:\*\/)?\s*$/;
const form = /^\s+([\w-]+(?:\s*,\s*[\w-]+)*)\s*(?::\s*(.*))?$/;

/** The ignores of a file, one for each rule that a comment names. */
export function readIgnores(text: string): readonly Ignore[] {
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    const [, file, said] = pattern.exec(line) ?? [];
    if (said === undefined) return [];
    const [, rules = '', reason = ''] = form.exec(said.trimEnd()) ?? [];
    const until = file === undefined ? endOf(lines, i) : null;
    return rules.split(',').map((rule) => ({ rule: rule.trim(), reason, line: i + 1, until }));
  });
}

/** A comment behind code means its own line; one on a line of its own, the next line of code. */
function endOf(lines: readonly string[], from: number): number {
  if (!comment.test(lines[from] ?? '')) return from + 1;
  let next = from + 1;
  while (next < lines.length && (comment.test(lines[next] ?? '') || (lines[next] ?? '').trim() === ''))
    next++;
  return next + 1;
}

/** True if the ignore silences that rule there. */
export function silences(ignore: Ignore, rule: string, line: number | null): boolean {
  return ignore.rule === rule && (ignore.until === null || ignore.until === line);
}
