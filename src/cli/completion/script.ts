// Scripts with which shells complete. In: verbs and their options. Out: scripts. Must not know the user's shell.

import { globalOptions } from '../args/global-options.ts';
import type { OptionSpecs } from '../args/option.ts';
import { optionName } from '../args/option.ts';
import type { Verb } from '../command.ts';

/** Shells that can be completed for. */
export const shellNames = ['bash', 'zsh', 'fish'] as const;
type ShellName = (typeof shellNames)[number];

export function isShellName(text: string): text is ShellName {
  return shellNames.some((name) => name === text);
}

interface Option {
  readonly name: string;
  readonly short: string | null;
  readonly summary: string;
  readonly isFlag: boolean;
  readonly choices: readonly string[];
}

interface Completed {
  readonly names: readonly string[];
  readonly summary: string;
  readonly options: readonly Option[];
}

const optionsOf = (specs: OptionSpecs): readonly Option[] =>
  Object.entries(specs).map(([key, { kind, short, summary, choices }]) => ({
    name: `--${optionName(key)}`,
    short,
    summary,
    isFlag: kind === 'flag',
    choices,
  }));

async function completedVerbs(verbs: readonly Verb[]): Promise<readonly Completed[]> {
  return await Promise.all(
    verbs.map(async (verb) => {
      const { options } = await verb.load();
      return { names: [verb.name, ...verb.aliases], summary: verb.summary, options: optionsOf(options) };
    }),
  );
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const namesOf = (options: readonly Option[]) => options.map(({ name }) => name).join(' ');

function bash(all: readonly Completed[], globals: readonly Option[]): string {
  const words = all.flatMap(({ names }) => names).join(' ');
  const cases = all.map(
    ({ names, options }) => `    ${names.join('|')}) words="${namesOf(options)} $globals" ;;`,
  );
  return `_surefoot() {
  local word=\${COMP_WORDS[COMP_CWORD]} verb='' one words
  local verbs='${words}'
  local globals='${namesOf(globals)}'
  for one in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " $verbs " in *" $one "*) verb=$one; break ;; esac
  done
  case "$verb" in
    '') words="$verbs $globals" ;;
${cases.join('\n')}
  esac
  if [[ -n $verb && $word != -* ]]; then
    COMPREPLY=($(compgen -f -- "$word"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  fi
}
complete -F _surefoot surefoot
`;
}

/** Without what `_arguments` and `_describe` take for punctuation. */
const zshText = (text: string) =>
  text.replaceAll("'", "'\\''").replaceAll('[', '(').replaceAll(']', ')').replaceAll(':', '\\:');

function zshOption({ name, summary, isFlag, choices }: Option): string {
  const values = choices.length > 0 ? `:value:(${choices.join(' ')})` : ':value:_files';
  return `'*${name}[${zshText(summary)}]${isFlag ? '' : values}'`;
}

function zsh(all: readonly Completed[], globals: readonly Option[]): string {
  const described = all.flatMap(({ names, summary }) =>
    names.map((name) => `    '${name}:${zshText(summary)}'`),
  );
  const cases = all.map(({ names, options }) => {
    const list = options.map(zshOption).join(' ');
    return `    ${names.join('|')}) _arguments -s ${list} $globals '*:file:_files' ;;`;
  });
  return `#compdef surefoot
_surefoot() {
  local -a verbs globals
  verbs=(
${described.join('\n')}
  )
  globals=(${globals.map(zshOption).join(' ')})
  local verb=\${words[(r)(${all.flatMap(({ names }) => names).join('|')})]}
  case "$verb" in
    '') _describe verb verbs; _arguments -s $globals ;;
${cases.join('\n')}
  esac
}
compdef _surefoot surefoot
`;
}

function fishOption({ name, short, summary, isFlag, choices }: Option, when: string): string {
  const shorts = short === null ? '' : ` -s ${short}`;
  const values = isFlag ? '' : choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : ' -r';
  return `complete -c surefoot${when}${shorts} -l ${name.slice(2)}${values} -d ${quoted(summary)}`;
}

function fish(all: readonly Completed[], globals: readonly Option[]): string {
  const names = all.flatMap((verb) => verb.names).join(' ');
  const lines = all.flatMap((verb) => {
    const when = ` -n ${quoted(`__fish_seen_subcommand_from ${verb.names.join(' ')}`)}`;
    const none = ` -n ${quoted(`not __fish_seen_subcommand_from ${names}`)}`;
    return [
      ...verb.names.map((name) => `complete -c surefoot -f${none} -a ${name} -d ${quoted(verb.summary)}`),
      ...verb.options.map((option) => fishOption(option, when)),
    ];
  });
  return `${[...globals.map((option) => fishOption(option, '')), ...lines].join('\n')}\n`;
}

/** The script for a shell. */
export async function completionScript(shell: ShellName, verbs: readonly Verb[]): Promise<string> {
  const [all, globals] = [await completedVerbs(verbs), optionsOf(globalOptions)];
  return { bash, zsh, fish }[shell](all, globals);
}
