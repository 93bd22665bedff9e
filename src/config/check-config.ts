// A config, checked.
// In: any value. Out: SurefootConfig, or the problem in words. Must not know files.

import { isWaveSize, shareOf } from '../fleet/waves.ts';
import { nearest } from '../kernel/nearest.ts';
import type { EnvironmentConfig, SurefootConfig } from './define-config.ts';
import { bytesOf } from './size.ts';

type Check = (value: unknown) => string | null;

const text: Check = (value) => (typeof value === 'string' ? null : 'must be a text');
const name: Check = (value) => (typeof value === 'string' && value !== '' ? null : 'must be a name');
const texts: Check = (value) =>
  text(value) === null || (Array.isArray(value) && value.every((one) => text(one) === null))
    ? null
    : 'must be a text or a list of texts';
const duration: Check = (value) =>
  typeof value === 'number' && value >= 0 ? null : 'must be a number of milliseconds, 0 or more';

const count: Check = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? null : 'must be a whole number, 0 or more';

const namingKinds = ['primaryKey', 'unique', 'foreignKey', 'index', 'check'];

const naming: Check = (value) => {
  if (typeof value === 'function') return null;
  if (!isRecord(value)) return 'must be a function or an object of patterns';
  const unknown = Object.keys(value).find((kind) => !namingKinds.includes(kind));
  if (unknown !== undefined) return unknownKey(unknown, namingKinds);
  const wrong = Object.keys(value).find((kind) => text(value[kind]) !== null);
  return wrong === undefined ? null : `has "${wrong}", which must be a text`;
};

const lintMembers = ['rules', 'tableSizes', 'statistics', 'sources'];
const ruleSettings = ['error', 'warning', 'info', 'off'];

const lint: Check = (value) => {
  if (!isRecord(value)) return 'must be an object';
  const unknown = Object.keys(value).find((member) => !lintMembers.includes(member));
  if (unknown !== undefined) return unknownKey(unknown, lintMembers);
  const { rules = {}, tableSizes = {}, statistics = '', sources = [] } = value;
  if (!isRecord(rules) || !isRecord(tableSizes)) return 'has `rules` or `tableSizes` that is no object';
  const wrong = Object.keys(rules).find((rule) => !ruleSettings.includes(String(rules[rule])));
  if (wrong !== undefined) return `has the rule "${wrong}", which must be one of ${ruleSettings.join(', ')}`;
  const size = Object.keys(tableSizes).find((one) => duration(tableSizes[one]) !== null);
  if (size !== undefined) return `has "tableSizes.${size}", which must be a number of rows`;
  return text(statistics) === null && texts(sources) === null
    ? null
    : 'has `statistics` or `sources` that is no text';
};

const isFunction = (value: unknown): boolean => typeof value === 'function';

const rehearsalMembers = ['queries', 'seeds'];

const rehearsal: Check = (value) => {
  if (!isRecord(value)) return 'must be an object';
  const unknown = Object.keys(value).find((member) => !rehearsalMembers.includes(member));
  if (unknown !== undefined) return unknownKey(unknown, rehearsalMembers);
  const { queries = 'x', seeds = {} } = value;
  if (name(queries) !== null) return 'has `queries`, which must be a file';
  const areSeeds = isRecord(seeds) && Object.values(seeds).every(isFunction);
  return areSeeds ? null : 'has `seeds`, which must be functions by revision';
};

/** What autogenerate is told, member by member: whether it may be so, and what it must be. */
const autogenerateMembers: Readonly<Record<string, readonly [(value: unknown) => boolean, string]>> = {
  include: [(value) => isFunction(value) || texts(value) === null, 'a list of patterns or a function'],
  exclude: [(value) => isFunction(value) || texts(value) === null, 'a list of patterns or a function'],
  rewrite: [isFunction, 'a function'],
  format: [(value) => texts(value) === null && String(value).trim() !== '', 'a command'],
  hints: [(value) => name(value) === null, 'a file'],
};

const isName = (value: unknown): boolean => name(value) === null;
const isNameOrNone = (value: unknown): boolean => value === undefined || isName(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) > 0;
const isPlace = (value: unknown, member: string): boolean =>
  isRecord(value) && isName(value[member]) && isNameOrNone(value['url']);
const isTarget = (value: unknown): boolean =>
  isName(value) || (isRecord(value) && Object.values(value).every(isNameOrNone));

/** What a fleet is told, in the same way. */
const fleetMembers: typeof autogenerateMembers = {
  targets: [(value) => Array.isArray(value) && value.every(isTarget), 'a list of URLs, or of objects'],
  file: [isName, 'a file'],
  query: [(value) => isPlace(value, 'sql'), 'an object with `sql`'],
  schemas: [(value) => isName(value) || isPlace(value, 'like'), 'a pattern, or an object with `like`'],
  concurrency: [isCount, 'a whole number, 1 or more'],
  perServer: [isCount, 'a whole number, 1 or more'],
  waves: [
    (value) => Array.isArray(value) && value.every(isWaveSize),
    "a list of numbers and shares such as '10%'",
  ],
  stopAbove: [(value) => shareOf(value) !== null, "a share: '10%', or from 0 to 1"],
  queue: [isName, 'a URL'],
};

/** How large tables are altered. */
const onlineMembers: typeof autogenerateMembers = {
  replicas: [(value) => Array.isArray(value) && value.every(isName), 'a list of URLs'],
  copyLimit: [(value) => bytesOf(value) !== null, "a number of bytes, or a size such as '64MB'"],
  tool: [
    (value) => value === 'pt-online-schema-change' || value === 'gh-ost',
    'pt-online-schema-change or gh-ost',
  ],
  program: [isName, 'a program'],
  arguments: [(value) => Array.isArray(value) && value.every((one) => text(one) === null), 'a list of texts'],
};

const membersOf =
  (known: typeof autogenerateMembers): Check =>
  (value) => {
    if (!isRecord(value)) return 'must be an object';
    const members = Object.keys(known);
    const unknown = Object.keys(value).find((member) => !members.includes(member));
    if (unknown !== undefined) return unknownKey(unknown, members);
    for (const [member, [allows, words]] of Object.entries(known)) {
      const given = value[member];
      if (given !== undefined && !allows(given)) return `has "${member}", which must be ${words}`;
    }
    return null;
  };

const keepMembers = membersOf({
  maxRows: [isCount, 'a whole number, 1 or more'],
  days: [isCount, 'a whole number, 1 or more'],
});

const environmentChecks: Readonly<Record<keyof EnvironmentConfig, Check>> = {
  url: text,
  migrations: texts,
  models: texts,
  versionTable: name,
  versionNamespace: name,
  naming,
  lockTimeoutMs: duration,
  tableLockTimeoutMs: duration,
  tableLockRetries: count,
  concurrentWaitMs: duration,
  directUrl: text,
  clientTools: name,
  scratchUrl: text,
  ignore: texts,
  lint,
  rehearsal,
  autogenerate: membersOf(autogenerateMembers),
  online: membersOf(onlineMembers),
  fleet: membersOf(fleetMembers),
  keep: (value) => (typeof value === 'boolean' ? null : keepMembers(value)),
};

const environments: Check = (value) => {
  if (!isRecord(value)) return 'must be an object of configs by name';
  for (const [environment, config] of Object.entries(value)) {
    const problem = isRecord(config) ? problemOf(config, environmentChecks) : 'must be an object';
    if (problem !== null) return `"${environment}": ${problem}`;
  }
  return null;
};

const checks: Readonly<Record<keyof SurefootConfig, Check>> = { ...environmentChecks, environments };

/** What is wrong with a config; `null`: nothing. */
export function configProblem(value: unknown): string | null {
  return isRecord(value) ? problemOf(value, checks) : 'it must be an object, or a function that gives one';
}

/** True for what `configProblem` finds nothing wrong with. */
export function isConfig(value: unknown): value is SurefootConfig {
  return configProblem(value) === null;
}

function problemOf(
  config: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, Check>>,
): string | null {
  for (const [key, value] of Object.entries(config)) {
    if (!Object.hasOwn(known, key)) return unknownKey(key, Object.keys(known));
    const problem = value === undefined ? null : (known[key]?.(value) ?? null);
    if (problem !== null) return problem.startsWith('"') ? `${key} ${problem}` : `"${key}" ${problem}`;
  }
  return null;
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return `there is no key ${JSON.stringify(key)}${meant === null ? '' : `; did you mean "${meant}"?`}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
