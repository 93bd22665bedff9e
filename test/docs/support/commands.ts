// Commands that pages name, as the command line would read them.

import { globalOptions } from '../../../src/cli/args/global-options.ts';
import type { OptionSpecs } from '../../../src/cli/args/option.ts';
import { findVerb, readArguments } from '../../../src/cli/args/read-arguments.ts';
import { verbOf } from '../../../src/cli/verbs.ts';
import { messageOf } from '../../../src/kernel/errors.ts';
import type { Page } from './markdown.ts';

export interface NamedCommand {
  readonly text: string;
  readonly line: number;
}

const prefix = /^(?:npx surefoot|npm run surefoot --|surefoot) (.+)$/;

/** Words of a command line, without quotes, up to a redirection. */
function wordsOf(text: string): readonly string[] {
  const words = text.match(/"[^"]*"|'[^']*'|[^\s]+/g) ?? [];
  const end = words.findIndex((word) => /^[>|#]/.test(word));
  return (end < 0 ? words : words.slice(0, end)).map((word) => word.replaceAll(/^["']|["']$/g, ''));
}

/** Every command of Surefoot in snippets for the shell, and in code within lines. */
export function commandsOf(page: Page): readonly NamedCommand[] {
  const inSnippets = page.snippets
    .filter(({ language }) => language === 'sh')
    .flatMap((snippet) =>
      snippet.text.split('\n').map((text) => ({ text: text.trim(), line: snippet.line })),
    );
  const outside = page.text.replaceAll(/^```[\s\S]*?^```/gm, '');
  const inline = [...outside.matchAll(/`(surefoot [^`]+)`/g)].map((match) => ({
    text: match[1] ?? '',
    line: 0,
  }));
  return [...inSnippets, ...inline].filter(({ text }) => prefix.test(text));
}

/** What the command line would say against a command; `null`: nothing. */
export async function problemOf(command: NamedCommand): Promise<string | null> {
  const words = wordsOf(prefix.exec(command.text)?.[1] ?? '');
  if (words.some((word) => /^(VERB|<.*>)$/.test(word))) return null;
  try {
    const { verb, rest } = findVerb(words, globalOptions);
    if (verb === null) return null;
    const { options } = await verbOf(verb).load();
    const specs: OptionSpecs = { ...options, ...globalOptions };
    readArguments(rest, specs);
    return null;
  } catch (error) {
    return `${command.text}: ${messageOf(error)}`;
  }
}
