// The options that every verb has. In: nothing. Out: their specs and values. Must not know verbs.

import type { OptionSpec, OptionValues } from './option.ts';
import { flag, url, value } from './option.ts';

/** They stand before or after the verb. */
export const globalOptions = {
  cwd: value('The project folder, seen from the folder of the caller', { short: 'C', placeholder: 'DIR' }),
  config: value('The config file', { short: 'c', placeholder: 'FILE' }),
  env: value('An environment of the config', { placeholder: 'NAME' }),
  url: url('The database; wins over config and DATABASE_URL'),
  directUrl: url('The server behind a pooler, for what runs; wins over the config'),
  scratchUrl: url('A server for throw-away databases; wins over the config'),
  json: flag('The result as JSON'),
  yes: flag('Answer every question with yes', { short: 'y' }),
  quiet: flag('Nothing on stderr but errors', { short: 'q' }),
  verbose: flag('More of everything', { short: 'v' }),
  help: flag('What the verb does', { short: 'h' }),
  version: flag('The version of Surefoot', { short: 'V' }),
} satisfies Readonly<Record<string, OptionSpec<unknown>>>;

export type GlobalValues = OptionValues<typeof globalOptions>;
