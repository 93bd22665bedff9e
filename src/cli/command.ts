// What a verb is to the command line. In: nothing. Out: Command, defineCommand. Must not know any verb.

import type { GlobalValues } from './args/global-options.ts';
import type { OptionSpecs, OptionValues } from './args/option.ts';
import type { Project } from './project.ts';
import type { Shell } from './shell.ts';
import type { Look } from './text/look.ts';

/** What stands behind the verb, besides options. */
export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly isRequired?: boolean;
  /** It takes all that follows. */
  readonly isList?: boolean;
}

/** One call of a verb. */
export interface Call<S extends OptionSpecs> {
  readonly options: OptionValues<S>;
  readonly arguments: readonly string[];
  readonly globals: GlobalValues;
  readonly shell: Shell;
  readonly project: Project;
  /** All verbs, this one too. */
  readonly verbs: readonly Verb[];
  /** The look of stderr. */
  readonly look: Look;
  /** A line on stderr, unless --quiet. */
  talk(line: string): void;
}

/** What a verb has to say: `D` to programs, `S` to people. */
export interface Answer<D = unknown, S = unknown> {
  /** Printed as it is with --json. */
  readonly data: D;
  /** What the text is made of. Control characters in it are made visible before. */
  readonly shown: S;
  readonly text: (shown: S, look: Look) => string;
  /** True: the text is a file for other programs (SQL, a script), and leaves the process byte for byte. */
  readonly isFile?: boolean;
  /** True: with --json the data are one line, the last of several. */
  readonly isLine?: boolean;
  /** Default 0. */
  readonly exitCode?: 0 | 1 | 2;
  /** Said on stderr after the result, for people only. */
  readonly failure?: (shown: S, look: Look) => string;
}

/** What a verb takes and does. */
export interface Command<S extends OptionSpecs> {
  readonly summary: string;
  readonly description?: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: S;
  readonly examples: readonly (readonly [command: string, does: string])[];
  run(call: Call<S>): Promise<Answer>;
}

/** A verb as the overview knows it; the command itself is loaded when it is called. */
export interface Verb {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly group: 'revisions' | 'database' | 'looking' | 'more';
  /** One line for the overview; the verb's own help says more. */
  readonly summary: string;
  load(): Promise<Command<OptionSpecs>>;
}

/** Gives the command back as it is; the compiler knows its options. */
export function defineCommand<const S extends OptionSpecs>(command: Command<S>): Command<S> {
  return command;
}

type Words<S> = Pick<Answer<unknown, S>, 'text' | 'isFile' | 'isLine' | 'exitCode' | 'failure'>;

/** An answer whose text is made of its data. */
export function answer<D>(given: Words<D> & { readonly data: D }): Answer {
  return answerBoth({ ...given, shown: given.data });
}

/** An answer that tells people more than programs, or otherwise. */
export function answerBoth<D, S>(given: Answer<D, S>): Answer {
  // Whoever prints hands `shown` back in the same shape.
  return given as Answer as Answer<unknown, unknown>;
}
