// What the command line says about itself. In: verbs, their options. Out: text. Must not know what they do.

import { globalOptions } from './args/global-options.ts';
import type { OptionSpecs } from './args/option.ts';
import { optionName } from './args/option.ts';
import type { Answer, ArgumentSpec, Command, Verb } from './command.ts';
import { answer } from './command.ts';
import type { Look } from './text/look.ts';
import { verbs } from './verbs.ts';

const groups: readonly (readonly [Verb['group'], string])[] = [
  ['revisions', 'Revisions'],
  ['database', 'The database'],
  ['looking', 'Looking'],
  ['more', 'More'],
];

function argumentText({ name, isRequired = false, isList = false }: ArgumentSpec): string {
  const text = isList ? `${name}…` : name;
  return isRequired ? text : `[${text}]`;
}

/** `surefoot edit ID [options]`. */
export function usageLine(verb: Verb, command: Command<OptionSpecs>): string {
  return ['surefoot', verb.name, ...command.arguments.map(argumentText), '[options]'].join(' ');
}

/** Two columns, the second one aligned. */
function columns(rows: readonly (readonly [string, string])[], look: Look): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${look.id(left.padEnd(width))}  ${right}`).join('\n');
}

function optionRows(specs: OptionSpecs): readonly (readonly [string, string])[] {
  return Object.entries(specs).map(([key, { short, placeholder, summary }]) => {
    const name = `${short === null ? '    ' : `-${short}, `}--${optionName(key)}`;
    return [placeholder === '' ? name : `${name} ${placeholder}`, summary];
  });
}

const describeOptions = (specs: OptionSpecs) =>
  Object.entries(specs).map(([key, { kind, short, placeholder, summary }]) => ({
    name: `--${optionName(key)}`,
    short: short === null ? null : `-${short}`,
    value: kind === 'flag' ? null : placeholder,
    summary,
  }));

/** The overview of all verbs. */
export function overview(): Answer {
  const data = {
    usage: 'surefoot [options] VERB [arguments] [options]',
    verbs: verbs.map(({ name, aliases, summary }) => ({ name, aliases, summary })),
    options: describeOptions(globalOptions),
  };
  return answer({ data, text: (_, look) => overviewText(look) });
}

function overviewText(look: Look): string {
  const sections = groups.map(([group, title]) => {
    const rows = verbs
      .filter((verb) => verb.group === group)
      .map(({ name, aliases, summary }) => [[name, ...aliases].join(', '), summary] as const);
    return `${look.title(title)}\n${columns(rows, look)}`;
  });
  return [
    'Schema migrations that land, whatever state the database is in.',
    `${look.title('Usage')}  surefoot [options] VERB [arguments] [options]`,
    ...sections,
    `${look.title('Options of every verb')}, before or behind it\n${columns(optionRows(globalOptions), look)}`,
    'A verb with --help tells more. Exit code: 0 fine, 1 differences found, 2 refused or failed, 64 wrong usage.',
  ].join('\n\n');
}

/** The help of one verb. */
export function verbHelp(verb: Verb, command: Command<OptionSpecs>): Answer {
  const data = {
    usage: usageLine(verb, command),
    aliases: verb.aliases,
    summary: command.summary,
    description: command.description ?? null,
    arguments: command.arguments.map(({ name, summary, isRequired = false, isList = false }) => ({
      name,
      summary,
      required: isRequired,
      list: isList,
    })),
    options: [...describeOptions(command.options), ...describeOptions(globalOptions)],
    examples: command.examples.map(([example, does]) => ({ command: example, does })),
  };
  return answer({ data, text: (_, look) => helpText(verb, command, look) });
}

function helpText(verb: Verb, command: Command<OptionSpecs>, look: Look): string {
  const { summary, description, options, examples } = command;
  const section = (title: string, rows: readonly (readonly [string, string])[]) =>
    rows.length === 0 ? [] : [`${look.title(title)}\n${columns(rows, look)}`];
  return [
    description === undefined ? summary : `${summary}\n\n${description}`,
    `${look.title('Usage')}  ${usageLine(verb, command)}`,
    ...(verb.aliases.length === 0 ? [] : [`${look.title('Also')}   ${verb.aliases.join(', ')}`]),
    ...section(
      'Arguments',
      command.arguments.map((one) => [argumentText(one), one.summary]),
    ),
    ...section('Options', optionRows(options)),
    ...section('Options of every verb', optionRows(globalOptions)),
    ...section('Examples', examples),
  ].join('\n\n');
}
