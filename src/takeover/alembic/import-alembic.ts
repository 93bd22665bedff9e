// Takes an Alembic history over.
// In: version files, rules, the kinds of databases. Out: revisions as text, with a report. Must not know folders that
// are written to, nor any database.

import { relative } from 'node:path';
import type { ModuleBody, NewHeader } from '../../revisions/render.ts';
import { openDraft } from '../../schema/draft.ts';
import type { DialectName } from '../../schema/schema.ts';
import { emptySchema } from '../../schema/schema.ts';
import { parsePython } from '../python/parse.ts';
import type { Module } from '../python/tree.ts';
import { functionFor } from './binds.ts';
import type { VersionFile } from './find-files.ts';
import type { VersionHeader } from './header.ts';
import { readVersionHeader } from './header.ts';
import type { History, Version } from './history.ts';
import { readHistory } from './history.ts';
import type { Offline } from './offline.ts';
import { copyDrafts, renderBlocks } from './render.ts';
import type { Rules } from './rules.ts';
import { moduleScope } from './run-function.ts';
import { mentionedNames } from './server-names.ts';
import type { Drafts, Translation, TranslationMeans } from './translate.ts';
import { openWays, translate, withSql } from './translate.ts';

/** What is left to a human: where, and why. */
export interface ImportRemainder {
  readonly line: number;
  readonly reason: string;
}

/** One revision, as the report tells it. */
export interface ImportedRevision {
  readonly id: string;
  readonly revises: readonly string[];
  /** The version file, from where the import was asked. */
  readonly file: string;
  /** `schema`: all that changes the schema; `none`: not even that. */
  readonly status: 'full' | 'schema' | 'none';
  readonly remainders: readonly ImportRemainder[];
}

export interface ImportReport {
  readonly heads: readonly string[];
  readonly revisions: readonly ImportedRevision[];
  readonly totals: {
    readonly revisions: number;
    readonly full: number;
    readonly schema: number;
    readonly none: number;
  };
}

/** A revision to be written. */
export interface ImportedFile {
  readonly header: NewHeader;
  readonly body: ModuleBody;
}

export interface AlembicImport {
  readonly report: ImportReport;
  /** Parents first. */
  readonly files: readonly ImportedFile[];
  /** Files that have no head of a revision, with the reason. */
  readonly unread: readonly { readonly file: string; readonly reason: string }[];
}

export interface ImportMeans {
  readonly rules: Rules;
  readonly dialects: readonly DialectName[];
  /** Paths of the report are relative to it. */
  readonly folder: string;
  /** Alembic itself, for what cannot be translated. */
  readonly offline?: Offline;
}

const headState = (module: Module, means: ImportMeans): Parameters<typeof moduleScope>[0] => ({
  dialect: means.dialects[0] ?? 'postgres',
  isOnly: false,
  rules: means.rules,
  mentioned: new Set(),
  module,
  draft: openDraft(emptySchema),
  items: [],
  irreversible: null,
  isSafety: false,
  transaction: true,
  depth: 0,
  turns: 0,
});

interface Unread {
  readonly file: string;
  readonly reason: string;
}

const shownFile = (file: string, { folder }: ImportMeans): string =>
  relative(folder, file).replaceAll('\\', '/') || file;

/** A file with its head. One that is nested so deeply that it cannot be read is named. */
async function readVersion(found: VersionFile, means: ImportMeans): Promise<Version | Unread | null> {
  try {
    return await readWhole(found, means);
  } catch (problem) {
    if (!(problem instanceof RangeError)) throw problem;
    return { file: shownFile(found.file, means), reason: 'line 1: its code is nested too deeply to be read' };
  }
}

/** The file as a tree; `null`: the parser itself does not come through. */
async function parsed(text: string): Promise<Module | null> {
  try {
    return await parsePython(text);
  } catch (problem) {
    if (problem instanceof RangeError || problem instanceof TypeError) return null;
    throw problem;
  }
}

async function readWhole({ file, text }: VersionFile, means: ImportMeans): Promise<Version | Unread | null> {
  const shown = shownFile(file, means);
  const module = await parsed(text);
  if (module === null) return { file: shown, reason: 'line 1: its code is nested too deeply to be read' };
  const header = readVersionHeader(module, moduleScope(headState(module, means)));
  if (header === null)
    return module.errors.length > 0
      ? { file: shown, reason: `line ${module.errors[0]} does not parse` }
      : null;
  return typeof header === 'string' ? { file: shown, reason: header } : { file: shown, module, header };
}

function newHeader(header: VersionHeader, history: History, file: string): NewHeader {
  const idOf = (one: string) => history.ids.get(one) ?? one;
  const id = idOf(header.revision);
  const name = file.split('/').at(-1)?.replace(/\.py$/, '') ?? '';
  return {
    id,
    revises: header.revises.map(idOf),
    message: header.message === '' ? name : header.message,
    createdAt: header.createdAt,
    branchLabels: header.labels,
    dependsOn: header.dependsOn.map(idOf),
    ...(id === header.revision ? {} : { importedAs: header.revision }),
  };
}

function bodyOf(translation: Translation, file: string, dialects: readonly DialectName[]): ModuleBody {
  const frame = { file, dialects, width: 96 };
  const up = renderBlocks(translation.upgrade, { ...frame, drafts: copyDrafts(translation.before) });
  const { downgrade } = translation;
  const preamble = `// Taken over from ${file.replaceAll(/[\r\n\u2028\u2029]+/g, ' ')}`;
  const shared = { upgrade: up.body, preamble };
  if (downgrade.kind !== 'blocks') {
    const context = up.branches ? { context: ['dialect'] as const } : {};
    return {
      ...shared,
      imports: up.imports,
      ...context,
      downgrade: downgrade.kind === 'auto' ? 'auto' : { irreversible: downgrade.reason },
    };
  }
  const down = renderBlocks(downgrade.blocks, { ...frame, drafts: copyDrafts(translation.after) });
  const context = up.branches || down.branches ? { context: ['dialect'] as const } : {};
  return {
    ...shared,
    imports: [...new Set([...up.imports, ...down.imports])],
    ...context,
    downgrade: down.body,
  };
}

interface Told {
  readonly history: History;
  readonly rules: Rules;
}

const noFunction = { line: 1, reason: 'it has no upgrade()' };

/** What the file does in other databases; '' stands for the usual one. */
function otherBinds(module: Module, { bind }: Rules): readonly ImportRemainder[] {
  return functionFor(module, 'upgrade', bind).others.map(({ line, bind: other }) => ({
    line,
    reason: `what it does in the database ${JSON.stringify(other)} belongs to a history of its own: import again with the rule "bind": ${JSON.stringify(other)}`,
  }));
}

function reportOn(version: Version, translation: Translation, { history, rules }: Told): ImportedRevision {
  const { header, module } = version;
  const remarks = history.remarks.filter(({ revision }) => revision === header.revision);
  const hasUpgrade = module.statements.some((one) => one.kind === 'function' && /^upgrade_?$/.test(one.name));
  const broken = module.errors.map((line) => ({ line, reason: 'it does not parse' }));
  const isSchema = translation.remainders.some((one) => one.isSchema) || broken.length > 0 || !hasUpgrade;
  const status = isSchema ? 'none' : translation.remainders.length > 0 ? 'schema' : 'full';
  return {
    id: history.ids.get(header.revision) ?? header.revision,
    revises: header.revises.map((one) => history.ids.get(one) ?? one),
    file: version.file,
    status,
    remainders: [
      ...broken,
      ...(hasUpgrade ? [] : [noFunction]),
      ...remarks.map(({ line, reason }) => ({ line, reason })),
      ...otherBinds(module, rules),
      ...translation.remainders.map(({ line, reason }) => ({ line, reason })),
    ],
  };
}

function totalsOf(revisions: readonly ImportedRevision[]): ImportReport['totals'] {
  const count = (status: ImportedRevision['status']) =>
    revisions.filter((one) => one.status === status).length;
  return { revisions: revisions.length, full: count('full'), schema: count('schema'), none: count('none') };
}

type Means = TranslationMeans & Pick<ImportMeans, 'dialects' | 'offline'>;

/** What is left to a human is asked of Alembic, where it is there. */
async function completed(version: Version, translation: Translation, means: Means): Promise<Translation> {
  const { offline, dialects } = means;
  const [dialect] = dialects;
  const [parent = null, ...others] = version.header.revises;
  const ways = openWays(translation);
  // What comes together from several sides is no range that Alembic could write down.
  if (!offline || dialect === undefined || ways.length === 0 || others.length > 0) return translation;
  const own = version.header.revision;
  const found = { upgrade: null, downgrade: null } as {
    [K in 'upgrade' | 'downgrade']: readonly string[] | null;
  };
  let reason = '';
  for (const way of ways) {
    const [from, to] = way === 'upgrade' ? [parent, own] : [own, parent];
    const said = await offline({ way, from, to });
    if (said.kind === 'sql') found[way] = said.statements;
    else reason = said.reason;
  }
  const done = withSql(version.module, translation, { means, instead: { dialect, ...found } });
  if (reason === '') return done;
  const told = (text: string) => `${text}; Alembic's offline mode: ${reason}`;
  return { ...done, remainders: done.remainders.map((one) => ({ ...one, reason: told(one.reason) })) };
}

/** The revisions of version files, and what is left to do. */
export async function importAlembic(
  found: readonly VersionFile[],
  means: ImportMeans,
): Promise<AlembicImport> {
  const read = (await Promise.all(found.map((one) => readVersion(one, means)))).filter((one) => one !== null);
  const versions = read.filter((one): one is Version => 'header' in one);
  const history = readHistory(versions);
  let drafts: Drafts = new Map(means.dialects.map((dialect) => [dialect, openDraft(emptySchema)] as const));
  const mentioned = mentionedNames(history.versions.map(({ module }) => module.text));
  const files: ImportedFile[] = [];
  const revisions: ImportedRevision[] = [];
  for (const version of history.versions) {
    const own = { ...means, mentioned, drafts };
    const translation = await completed(version, translate(version.module, own), own);
    drafts = translation.after;
    const header = newHeader(version.header, history, version.file);
    files.push({
      header: translation.isSafety ? { ...header, safety: true } : header,
      body: bodyOf(translation, version.file, means.dialects),
    });
    revisions.push(reportOn(version, translation, { history, rules: means.rules }));
  }
  const unread = read.flatMap((one) => ('header' in one ? [] : [one]));
  return { report: { heads: history.heads, revisions, totals: totalsOf(revisions) }, files, unread };
}
