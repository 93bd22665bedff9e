// What `lint --fix` rewrote, for people. In: a report. Out: text. Must not know how it was done.

import { relative } from 'node:path';
import type { FixedRevision, LintReport, UnfixedFinding } from '../../library/lint-choices.ts';
import type { Look } from './look.ts';
import { counted } from './words.ts';

function painted(diff: string, look: Look): string {
  const paint = (line: string) => {
    if (line.startsWith('+')) return look.good(line);
    return line.startsWith('-') ? look.bad(line) : look.dim(line);
  };
  return diff.split('\n').map(paint).join('\n');
}

function fixedText({ file, rules, diff }: FixedRevision, folder: string, look: Look): string {
  const name = relative(folder, file);
  return `${look.title(name)} ${look.dim(rules.join(', '))}\n${painted(diff, look)}`;
}

function leftText({ file, line, rule, operation, why }: UnfixedFinding, folder: string, look: Look): string {
  const place = `${relative(folder, file)}${line === null ? '' : `:${line}`}`;
  return `${look.title(place)} ${look.dim(rule)} left as it is: ${why}\n  ${operation}`;
}

/** The files that changed, what changed in them, and what was left alone and why; '': nothing was to be fixed. */
export function fixesText({ fixes }: LintReport, folder: string, look: Look): string {
  if (fixes === undefined) return '';
  const { fixed, left, written, knowsApplied } = fixes;
  const files = counted(fixed.length, 'file');
  const verdict = written ? `${files} rewritten.` : `${files} would be rewritten; nothing was written.`;
  const unknown =
    knowsApplied || fixed.length === 0
      ? []
      : [
          look.warn(
            'No database was asked: make sure that none has these revisions already (--url names one).',
          ),
        ];
  return [
    ...fixed.map((one) => fixedText(one, folder, look)),
    ...left.map((one) => leftText(one, folder, look)),
    look.title(verdict),
    ...unknown,
  ].join('\n\n');
}
