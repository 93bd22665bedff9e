// A revision in SQL: header lines, then sections.
// In: the file's text. Out: header members and sections. Must not know how statements are split or run.

import type { DialectName, Flavor } from '../schema/schema.ts';
import type { HeaderKey, HeaderMember, HeaderMembers } from './header.ts';
import { invalidRevision, refuseNearKey } from './header.ts';
import { didYouMean, slipsOf } from './near.ts';

export interface SqlHead {
  readonly members: HeaderMembers;
  readonly transaction: 'auto' | 'none';
  /** Why there is no downgrade, if the file says so. */
  readonly irreversible: string | null;
}

export interface SqlSection {
  readonly kind: 'upgrade' | 'downgrade' | 'effect';
  readonly direction: 'upgrade' | 'downgrade';
  /** The servers it is for; empty: all that have no section of their own. */
  readonly servers: readonly string[];
  readonly text: string;
  /** Line of its marker. */
  readonly line: number;
}

export interface SqlFile extends SqlHead {
  readonly sections: readonly SqlSection[];
}

const singleKeys: Readonly<Record<string, HeaderKey>> = {
  id: 'id',
  message: 'message',
  created: 'createdAt',
  safety: 'safety',
  'imported-as': 'importedAs',
  'table-lock-timeout': 'tableLockTimeout',
  'table-lock-retries': 'tableLockRetries',
};
const listKeys: Readonly<Record<string, HeaderKey>> = {
  revises: 'revises',
  'branch-labels': 'branchLabels',
  'depends-on': 'dependsOn',
  replaces: 'replaces',
};
const allKeys = [...Object.keys(singleKeys), ...Object.keys(listKeys), 'transaction', 'irreversible'];

const headerLine = /^--[ \t]*([A-Za-z][A-Za-z -]{0,30}?)[ \t]*:[ \t]*(.*)$/;
const sectionLine = /^--[ \t]*(upgrade|downgrade|effect)\b[ \t]*(.*?)[ \t]*$/i;
/** The servers a section can be for; the compiler names one that is forgotten. */
const knownServers: Readonly<Record<DialectName | Flavor, true>> = {
  postgres: true,
  mysql: true,
  mariadb: true,
  sqlite: true,
};
const serverNames = Object.keys(knownServers);

interface Place {
  readonly file: string;
  readonly line: number;
}

/** A value in double quotes is JSON: so a message may hold line breaks. */
function textValue(raw: string): string {
  if (!raw.startsWith('"')) return raw;
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'string' ? value : raw;
  } catch (error) {
    // Only quotes that are no JSON: the text as it stands.
    if (error instanceof SyntaxError) return raw;
    throw error;
  }
}

function memberValue(key: string, raw: string, at: Place): HeaderMember['value'] {
  if (Object.hasOwn(listKeys, key)) {
    return raw
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }
  if (key !== 'safety') return textValue(raw);
  if (raw === 'true' || raw === 'false') return raw === 'true';
  throw invalidRevision(at, `'safety' must be true or false`);
}

function readTransaction(value: string | undefined, at: Place): 'auto' | 'none' {
  if (value === undefined || value === 'auto') return 'auto';
  if (value === 'none') return 'none';
  throw invalidRevision(at, `'transaction' must be auto or none`);
}

interface HeaderLine {
  readonly key: string;
  readonly raw: string;
  readonly at: Place;
}

/** The header lines before the first section; other comments among them are left alone. */
function readHeaderLines(lines: readonly string[], file: string): readonly HeaderLine[] {
  const found = new Map<string, HeaderLine>();
  for (const [index, line] of lines.entries()) {
    const match = headerLine.exec(line.trimEnd());
    if (!match) continue;
    const at = { file, line: index + 1 };
    const key = (match[1] ?? '').toLowerCase().replaceAll(' ', '-');
    if (!allKeys.includes(key)) refuseNearKey(key, allKeys, at);
    else if (found.has(key)) throw invalidRevision(at, `'${key}' stands there twice`);
    else found.set(key, { key, raw: (match[2] ?? '').trim(), at });
  }
  return [...found.values()];
}

function toHead(lines: readonly HeaderLine[], file: string): SqlHead {
  const members = new Map<string, HeaderMember>();
  for (const { key, raw, at } of lines) {
    const name = Object.hasOwn(singleKeys, key) ? singleKeys[key] : listKeys[key];
    if (name !== undefined) members.set(name, { value: memberValue(key, raw, at), line: at.line });
  }
  const line = (key: string) => lines.find((one) => one.key === key);
  const transaction = line('transaction');
  const reason = line('irreversible')?.raw;
  return {
    members,
    transaction: readTransaction(transaction?.raw, transaction?.at ?? { file, line: 1 }),
    irreversible: reason === undefined ? null : textValue(reason),
  };
}

/** The servers a marker names; `null`: the line is an ordinary comment. */
function readServers(rest: string, at: Place): readonly string[] | null {
  const bracketed = /^\[(.*)\]:?$/.exec(rest);
  const text = (bracketed?.[1] ?? rest).replace(/:$/, '');
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  if (names.length === 1 && names[0] === '') return [];
  const unknown = names.find((name) => !serverNames.includes(name));
  if (unknown === undefined) return names;
  const hint = didYouMean(slipsOf(unknown, serverNames));
  if (!bracketed && (names.length > 1 || hint === undefined)) return null;
  throw invalidRevision(at, `no server is called '${unknown}'`, hint ?? `Known: ${serverNames.join(', ')}.`);
}

type Marker = Omit<SqlSection, 'text'>;

function readMarkers(lines: readonly string[], file: string): readonly Marker[] {
  const markers: Marker[] = [];
  for (const [index, line] of lines.entries()) {
    const match = sectionLine.exec(line);
    const at = { file, line: index + 1 };
    const servers = match ? readServers(match[2] ?? '', at) : null;
    if (!match || servers === null) continue;
    const kind = (match[1] ?? '').toLowerCase() as SqlSection['kind'];
    const direction = kind === 'effect' ? (markers.at(-1)?.direction ?? 'upgrade') : kind;
    markers.push({ kind, direction, servers, line: at.line });
  }
  return markers;
}

/** Refuses two sections for the same: which one holds would be a guess. */
function refuseTwice(markers: readonly Marker[], file: string): void {
  const seen = new Set<string>();
  for (const { kind, direction, servers, line } of markers) {
    for (const server of servers.length === 0 ? ['all servers'] : servers) {
      const key = `${kind} ${direction} ${server}`;
      if (seen.has(key)) throw invalidRevision({ file, line }, `a second '${kind}' section for ${server}`);
      seen.add(key);
    }
  }
}

const isCode = (line: string) => !/^\s*(?:--|$)/.test(line);

/** The head of a file in SQL; its text has LF and no byte order mark. */
export function readSqlHead(text: string, file: string): SqlHead {
  const lines = text.split('\n');
  const code = lines.findIndex(isCode);
  const comments = code < 0 ? lines : lines.slice(0, code);
  const marker = readMarkers(comments, file)[0];
  return toHead(readHeaderLines(marker ? comments.slice(0, marker.line - 1) : comments, file), file);
}

/** The whole file. Markers stand at the start of their line. */
export function readSqlFile(text: string, file: string): SqlFile {
  const lines = text.split('\n');
  const markers = readMarkers(lines, file);
  refuseTwice(markers, file);
  const stray = lines.slice(0, (markers[0]?.line ?? lines.length + 1) - 1).findIndex(isCode);
  if (stray >= 0) {
    const hint =
      "Put a line '-- upgrade' above the statements, and '-- downgrade' above those that undo them.";
    throw invalidRevision({ file, line: stray + 1 }, 'a statement stands before the first section', hint);
  }
  const sections = markers.map((marker, i) => {
    const end = (markers[i + 1]?.line ?? lines.length + 1) - 1;
    return { ...marker, text: lines.slice(marker.line, end).join('\n') };
  });
  return { ...readSqlHead(text, file), sections };
}

/** The section of a kind that holds for a server: its own, its family's, or the one for all. */
export function sectionFor(
  file: SqlFile,
  wanted: Pick<SqlSection, 'kind' | 'direction'>,
  server: { readonly dialect: DialectName; readonly flavor: Flavor },
): SqlSection | null {
  const sections = file.sections.filter(
    ({ kind, direction }) => kind === wanted.kind && direction === wanted.direction,
  );
  const named = (name: string) => sections.find(({ servers }) => servers.includes(name));
  return (
    named(server.flavor) ??
    named(server.dialect) ??
    sections.find(({ servers }) => servers.length === 0) ??
    null
  );
}
