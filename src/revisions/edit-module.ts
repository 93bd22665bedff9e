// Puts other calls in the place of one. In: a module's text, the call, code. Out: the text. Must not know operations.

import type { FoundCall } from './find-call.ts';
import { tokensOf } from './find-call.ts';
import { indented } from './render.ts';

/** Code instead of a call. */
export interface CallEdit {
  readonly call: FoundCall;
  /** Statements on `op`, without indentation. */
  readonly code: string;
}

/** The code with the builder called as the module calls it. */
function onReceiver(code: string, receiver: string): string {
  if (receiver === 'op') return code;
  let depth = 0;
  const starts = tokensOf(code).flatMap((token, i, all) => {
    const isStart = depth === 0 && token.text === 'op' && (i === 0 || all[i - 1]?.text === ';');
    if (token.kind === 'open') depth++;
    if (token.kind === 'close') depth--;
    return isStart ? [token.start] : [];
  });
  return starts.reduceRight((text, at) => `${text.slice(0, at)}${receiver}${text.slice(at + 2)}`, code);
}

/** How many statements the code is made of. */
export function statementCount(code: string): number {
  let depth = 0;
  return tokensOf(code).filter(({ kind, text }) => {
    if (kind === 'open') depth++;
    if (kind === 'close') depth--;
    return depth === 0 && text === ';';
  }).length;
}

function replaced(text: string, { call, code }: CallEdit): string {
  const lineStart = text.lastIndexOf('\n', call.start - 1) + 1;
  const before = text.slice(lineStart, call.start);
  const margin = /^[ \t]*/.exec(before)?.[0] ?? '';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const said = onReceiver(call.isStatement ? code : code.replace(/;\s*$/, ''), call.receiver);
  const lines = [...call.comments, ...(said === '' ? [] : [said])].join('\n');
  const atMargin = indented(lines, margin).slice(margin.length);
  const needsLine = call.comments.length > 0 && before.trim() !== '';
  const whole = (needsLine ? `\n${margin}${atMargin}` : atMargin).replaceAll('\n', eol);
  return text.slice(0, call.start) + whole + text.slice(call.end);
}

/** The text with `names` in the import that brings `revision`; `null`: it has no such import. */
function withImports(text: string, names: readonly string[]): string | null {
  const tokens = tokensOf(text);
  const at = tokens.findIndex(
    (token, i) => token.text === 'revision' && ['{', ','].includes(tokens[i - 1]?.text ?? ''),
  );
  const close = tokens.findIndex(({ text: found }, i) => i > at && found === '}');
  const open = tokens.findLastIndex(({ text: found }, i) => i < at && found === '{');
  if (at < 0 || tokens[open - 1]?.text !== 'import' || tokens[close + 1]?.text !== 'from') return null;
  const there = new Set(tokens.slice(open, close).map((token) => token.text));
  const missing = names.filter((name) => !there.has(name));
  const last = tokens[at];
  if (missing.length === 0 || last === undefined) return text;
  const end = last.start + last.text.length;
  return `${text.slice(0, end)}, ${missing.join(', ')}${text.slice(end)}`;
}

/** The module with the edits made; `null`: a name cannot be imported. */
export function editModule(
  text: string,
  edits: readonly CallEdit[],
  names: readonly string[],
): string | null {
  const sorted = edits.toSorted((a, b) => b.call.start - a.call.start);
  return withImports(sorted.reduce(replaced, text), names);
}
