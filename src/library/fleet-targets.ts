import { resolve } from 'node:path';
import type { FleetConfig } from '../config/define-config.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { absoluteUrl } from '../drivers/connection-info.ts';
import { redactUrl } from '../drivers/url-text.ts';
import type { FleetTarget, TargetWish } from '../fleet/target.ts';
import { brokenTarget, hasSchemas, targetOf } from '../fleet/target.ts';
import { isSurefootError, messageOf, SurefootError } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import type { SurefootOptions } from './api.ts';
import { linesOf, unreadable } from './fleet-lines.ts';
import type { ListedTarget, TargetQuery } from './fleet-query.ts';
import { findListed, listTargets } from './fleet-query.ts';

/** The targets of a fleet, one at a time, as often as they are asked for. */
export interface TargetList {
  each(): AsyncIterable<FleetTarget>;
  /** The target of a key; `null`: it is not in the list any more. */
  find(key: string): Promise<FleetTarget | null>;
}

interface Ground {
  readonly options: SurefootOptions;
  readonly folder: string;
}

const members = ['url', 'name', 'schema', 'directUrl'] as const satisfies readonly (keyof TargetWish)[];

/** A slip must not mean "through the pooler", or "under another name". */
function refuseUnknown(wish: TargetWish, place: string): void {
  const unknown = Object.keys(wish).find((name) => !members.some((member) => member === name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, members);
  const guess = meant === null ? '' : `; \`${meant}\`?`;
  throw notATarget(place, `it knows no ${JSON.stringify(unknown)}${guess}`);
}

interface Entry {
  readonly key: string;
  readonly base: string | null;
  readonly folder: string;
  /** What messages call it. */
  readonly place?: string;
}

/** An entry, or what stands for it where it is wrong: one wrong line stops no other. */
function read(entry: () => TargetWish, { key, base, folder, place = key }: Entry): FleetTarget {
  try {
    const wish = entry();
    refuseUnknown(wish, place);
    const near = (url: string | undefined) => (url === undefined ? undefined : absoluteUrl(url, folder));
    const whole = { ...wish, url: near(wish.url), directUrl: near(wish.directUrl) };
    if (whole.url === undefined && (whole.schema === undefined || base === null))
      throw notATarget(place, 'it names neither a URL nor a schema');
    const url = whole.url ?? base ?? '';
    if (whole.schema !== undefined && !hasSchemas(url))
      throw notATarget(place, `${redactUrl(url)} is no database with schemas`);
    return targetOf(whole, { key, base, folder });
  } catch (error) {
    return brokenTarget(key, isSurefootError(error) ? error : notATarget(place, messageOf(error)));
  }
}

function notATarget(source: string, problem: string): SurefootError {
  return new SurefootError('fleet/not-a-target', `${source}: ${problem}`, {
    details: { source, problem },
    hint: 'A target is a URL, or an object with `url`, and `name`, `schema` or `directUrl` as needed.',
  });
}

const isWish = (value: unknown): value is TargetWish =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((one) => typeof one === 'string');

/** What a line says: a URL, or an object as JSON. */
function wishOfLine(text: string, place: string): TargetWish {
  const line = text.replace(/^\uFEFF/, '').trim();
  if (!line.startsWith('{')) return { url: line };
  try {
    const value: unknown = JSON.parse(line);
    if (isWish(value)) return value;
  } catch (error) {
    // The text itself may hold a password: it is not repeated.
    if (!(error instanceof SyntaxError)) throw error;
    throw notATarget(place, 'it is no JSON');
  }
  throw notATarget(place, 'it is not an object of texts');
}

function configured(targets: NonNullable<FleetConfig['targets']>, { options, folder }: Ground): TargetList {
  const at = (index: number): FleetTarget | null => {
    const target = targets[index];
    if (target === undefined) return null;
    const wish = typeof target === 'string' ? { url: target } : target;
    return read(() => wish, { key: `targets:${index}`, base: options.url ?? null, folder });
  };
  return {
    each: async function* () {
      for (const index of targets.keys()) {
        const target = at(index);
        if (target) yield target;
      }
    },
    find: async (key) => at(Number(key)),
  };
}

const isSaid = (text: string): boolean => !/^\s*(?:#|$)/.test(text.replace(/^\uFEFF/, ''));

function inFile(file: string, { options, folder }: Ground): TargetList {
  const base = options.url ?? null;
  const target = (text: string, offset: number, place: string) => {
    const found = read(() => wishOfLine(text, place), { key: `file:${offset}`, base, folder, place });
    return found.problem ? { ...found, name: place } : found;
  };
  return {
    each: async function* () {
      for await (const { text, offset, number } of linesOf(file))
        if (isSaid(text)) yield target(text, offset, `${file}:${number}`);
    },
    find: async (key) => {
      for await (const { text } of linesOf(file, Number(key)))
        return isSaid(text) ? target(text, Number(key), `${file} at ${key}`) : null;
      return null;
    },
  };
}

function queried(kind: string, query: TargetQuery, { options, folder }: Ground): TargetList {
  const target = ({ key, wish }: ListedTarget) =>
    read(() => wish, { key: `${kind}:${key}`, base: query.url, folder });
  return {
    each: async function* () {
      for await (const listed of listTargets(options, query)) yield target(listed);
    },
    find: async (key) => {
      const listed = await findListed(options, query, key);
      return listed && target(listed);
    },
  };
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Schemas are listed in a standard view, which every server that has them knows. */
function schemaQuery(url: string, like: string): TargetQuery {
  const sql = ({ quote }: Dialect) =>
    `SELECT schema_name AS ${quote('schema')} FROM information_schema.schemata WHERE schema_name LIKE ${literal(like)}`;
  if (!hasSchemas(url)) throw unreadable('fleet.schemas', `${redactUrl(url)} is no database with schemas`);
  return { source: 'fleet.schemas', url, sql };
}

function urlFor(given: string | undefined, { options, folder }: Ground, source: string): string {
  const url = given ?? options.url;
  if (url === undefined) throw unreadable(source, 'nothing says at which database');
  return absoluteUrl(url, folder);
}

/** Every list that the config names, by the word that begins the keys of its targets. */
function listsOf(config: FleetConfig, ground: Ground): ReadonlyMap<string, TargetList> {
  const { targets, file, query, schemas } = config;
  const lists = new Map<string, TargetList>();
  if (targets) lists.set('targets', configured(targets, ground));
  if (file !== undefined) lists.set('file', inFile(resolve(ground.folder, file), ground));
  if (query) {
    const url = urlFor(query.url, ground, 'fleet.query');
    lists.set('query', queried('query', { source: 'fleet.query', url, sql: () => query.sql }, ground));
  }
  if (schemas !== undefined) {
    const { url, like } = typeof schemas === 'string' ? { url: undefined, like: schemas } : schemas;
    const where = urlFor(url, ground, 'fleet.schemas');
    lists.set('schemas', queried('schemas', schemaQuery(where, like), ground));
  }
  return lists;
}

/** The targets that options name. */
export function targetList(options: SurefootOptions): TargetList {
  const folder = resolve(options.projectFolder ?? '.');
  const lists = listsOf(options.fleet ?? {}, { options, folder });
  if (lists.size === 0) {
    throw new SurefootError('fleet/no-targets', 'nothing says which databases the fleet has', {
      details: {},
      hint: 'Give --targets FILE, or `fleet: { targets, file, query or schemas }` in surefoot.config.ts.',
    });
  }
  return {
    each: async function* () {
      for (const list of lists.values()) yield* list.each();
    },
    find: async (key) => {
      const [, kind = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(key) ?? [];
      return (await lists.get(kind)?.find(rest)) ?? null;
    },
  };
}
