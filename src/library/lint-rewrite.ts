// A revision's file with other calls or statements in the place of some.
// In: a loaded revision, what each of its pieces is to say. Out: the text, proven by loading it. Must not know rules.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { renderUpgrade } from '../autogenerate/render-operations.ts';
import { renderSql } from '../autogenerate/render-sql.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { isSurefootError, messageOf, SurefootError } from '../kernel/errors.ts';
import { canonicalJson, hashText } from '../kernel/hash.ts';
import { errorCode } from '../kernel/import-package.ts';
import { canonicalText } from '../kernel/sql-text.ts';
import { textDiff } from '../kernel/text-diff.ts';
import type { LintFinding } from '../lint/finding.ts';
import { completeAndApply } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import { editModule, statementCount } from '../revisions/edit-module.ts';
import { editSql, sqlObstacle, standsAlone } from '../revisions/edit-sql.ts';
import type { FoundCall } from '../revisions/find-call.ts';
import { findCall } from '../revisions/find-call.ts';
import type { LoadedRevision, LoadTarget } from '../revisions/load.ts';
import { loadRevision } from '../revisions/load.ts';
import { plainText } from '../revisions/scan.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { copyDraft, draftSchema } from '../schema/draft.ts';
import type { LintMeans } from './lint-ground.ts';

/** What one call of a module, or one statement of a file in SQL, does. */
export interface Piece {
  /** Positions in the revision as it is. */
  readonly positions: readonly number[];
  readonly line: number | null;
  readonly operations: readonly Operation[];
  /** The rules that had it said otherwise. */
  readonly rules: readonly string[];
  readonly findings: readonly LintFinding[];
  /** Why it cannot be said otherwise; `null`: it can. */
  readonly obstacle: string | null;
}

/** A file's new text. */
export interface Rewritten {
  readonly loaded: LoadedRevision;
  readonly diff: string;
  write(): Promise<void>;
}

/** Where it is rewritten. */
export interface RewriteGround {
  readonly means: LintMeans;
  /** The schema before the revision. */
  readonly before: SchemaDraft;
}

export const targetOf = ({ name, traits, syntax, dualWrite }: Dialect): LoadTarget => {
  return { dialect: name, flavor: traits.flavor, syntax, dualWrite, wantsLines: true };
};

function callObstacle(call: FoundCall | null): string | null {
  if (call === null)
    return 'its call is not written as op.method(…) in this file: a helper function makes it';
  return call.foreignName === null
    ? null
    : `the call does not say all of it: ${call.foreignName} is defined elsewhere`;
}

function moduleObstacle({ text, places = [] }: LoadedRevision, positions: readonly number[]): string | null {
  const place = places[positions[0] ?? -1];
  if (!place) return 'its call is not found in the file';
  const isShared = places.some(
    (one, i) => !positions.includes(i) && one?.line === place.line && one.column === place.column,
  );
  return isShared
    ? 'one call makes several operations: it stands in a loop or in a helper function'
    : callObstacle(findCall(text, place));
}

/** The positions by call or statement. */
function groupsOf({ upgrade, places }: LoadedRevision): readonly (readonly number[])[] {
  const groups: number[][] = [];
  upgrade.forEach((_, i) => {
    const place = places?.[i];
    const isSame = place != null && place === places?.[i - 1];
    const last = groups.at(-1);
    if (isSame && last) last.push(i);
    else groups.push([i]);
  });
  return groups;
}

/** The pieces of a revision. Without a dialect nobody asks what could be said otherwise. */
export function piecesOf(revision: LoadedRevision, dialect: Dialect | null): readonly Piece[] {
  const { header, text, upgrade, lines } = revision;
  const isSql = header.kind !== 'ts';
  const declared = dialect && isSql ? sqlObstacle(text, header.file, targetOf(dialect)) : null;
  return groupsOf(revision).map((positions) => ({
    positions,
    line: lines?.[positions[0] ?? -1] ?? null,
    operations: positions.flatMap((at) => upgrade[at] ?? []),
    rules: [],
    findings: [],
    obstacle: isSql || dialect === null ? declared : moduleObstacle(revision, positions),
  }));
}

/** A new text, or why there is none. */
type Edited = { readonly text: string; readonly upgrade: readonly Operation[] } | string;

interface Draft {
  readonly raw: string;
  readonly revision: LoadedRevision;
  readonly pieces: readonly Piece[];
  readonly ground: RewriteGround;
}

function editedModule({ raw, revision, pieces, ground }: Draft): Edited {
  const draft = copyDraft(ground.before);
  const imports: string[] = [];
  const edits: { readonly call: FoundCall; readonly code: string }[] = [];
  for (const piece of pieces) {
    const before = draftSchema(draft);
    const operations = completeAndApply(piece.operations, draft);
    if (piece.rules.length === 0) continue;
    const place = revision.places?.[piece.positions[0] ?? -1];
    const call = place ? findCall(raw, place) : null;
    if (call === null) return 'its call is not found in the file';
    const code = renderUpgrade(operations, { before });
    if (!call.isStatement && (statementCount(code.body) > 1 || call.comments.length > 0))
      return 'the call is no statement of its own, and would become several';
    edits.push({ call, code: code.body.replaceAll(/;\n\n(?=op\.)/g, ';\n') });
    imports.push(...code.imports);
  }
  const text = editModule(raw, edits, [...new Set(imports)]);
  const upgrade = pieces.flatMap(({ operations }) => operations);
  return text === null ? `${imports.join(' and ')} would have to be imported` : { text, upgrade };
}

/** True if the statement says what its operation says, and nothing else. */
function saysOnly(raw: Operation, before: SchemaDraft, means: LintMeans): boolean {
  if (raw.kind !== 'execute') return false;
  const { dialect } = means;
  const operations = completeAndApply(raw.effect ?? [], copyDraft(before));
  const said = renderSql({
    operations,
    before: draftSchema(before),
    dialect,
    naming: means.project.naming(dialect),
  });
  const plain = (sql: string) =>
    canonicalText(sql, dialect.syntax).replace(/\bconstraint (?:"(?:[^"]|"")*"|[a-z_][a-z0-9_]*) /g, '');
  return plain(said.text) === plain(raw.sql);
}

function statementsOf(piece: Piece, before: SchemaDraft, { dialect, project }: LintMeans) {
  const draft = copyDraft(before);
  return piece.operations.map((one) => {
    const schema = draftSchema(draft);
    const operations = completeAndApply([one], draft);
    const naming = project.naming(dialect);
    return { ...renderSql({ operations, before: schema, dialect, naming }), effect: operations };
  });
}

function editedSql({ raw, revision, pieces, ground: { means, before } }: Draft): Edited {
  const { file } = revision.header;
  const target = targetOf(means.dialect);
  const draft = copyDraft(before);
  const edits: { readonly position: number; readonly sql: string }[] = [];
  const upgrade: Operation[] = [];
  let alone = false;
  for (const piece of pieces) {
    const position = piece.positions[0] ?? -1;
    const original = revision.upgrade[position];
    if (piece.rules.length > 0 && original) {
      if (!saysOnly(original, draft, means)) return 'the statement may say more than is known of it';
      const statements = statementsOf(piece, draft, means);
      alone ||= statements.some(({ transaction }) => transaction === 'none');
      edits.push({
        position,
        sql: statements
          .map(({ text }) => text)
          .join('\n')
          .replace(/;\s*$/, ''),
      });
      upgrade.push(...statements.map(({ text, effect }) => asExecute(text, effect)));
    } else upgrade.push(...piece.operations);
    completeAndApply(piece.operations, draft);
  }
  if (alone && !standsAlone(plainText(raw), file, target))
    return 'it must run outside a transaction, which other statements of the file would lose: give it a revision of its own';
  const text = editSql(raw, { file, target, edits, alone });
  return text === null ? 'its statement is not found in the file' : { text, upgrade };
}

function asExecute(text: string, effect: readonly Operation[]): Operation {
  return { kind: 'execute', sql: text.replace(/;\s*$/, ''), inverse: null, effect, transaction: true };
}

function fileFailed(file: string, cause: unknown): SurefootError {
  const code = errorCode(cause) ?? 'unreadable';
  return new SurefootError('file/failed', `${file}: ${messageOf(cause)}`, {
    details: { file, code },
    hint: 'Make the folder of the revisions writable, or look with `surefoot lint --fix --dry-run` elsewhere.',
    cause,
  });
}

/** The text, loaded from a file beside the revision, so that what it imports is found. */
async function loadText(
  revision: LoadedRevision,
  text: string,
  dialect: Dialect,
): Promise<LoadedRevision | string> {
  const { file } = revision.header;
  // Names that begin with a dot are no revisions.
  const copy = join(dirname(file), `.fix_${hashText(text).slice(0, 12)}_${basename(file)}`);
  try {
    await writeFile(copy, text, { flag: 'wx' }).catch((error: unknown) => {
      throw fileFailed(copy, error);
    });
    const loaded = await loadRevision({ ...revision.header, file: copy }, targetOf(dialect));
    return { ...loaded, header: revision.header };
  } catch (error) {
    if (!isSurefootError(error) || isSurefootError(error, 'file/failed')) throw error;
    return `what it would become cannot be loaded: ${error.message.replaceAll(basename(copy), basename(file))}`;
  } finally {
    await rm(copy, { force: true });
  }
}

/** What was learned of raw SQL, which loading does not tell. */
function withEffects(loaded: LoadedRevision, wanted: readonly Operation[]): LoadedRevision {
  const upgrade = loaded.upgrade.map((one, i) => {
    const known = wanted[i];
    const isSame = one.kind === 'execute' && known?.kind === 'execute' && one.sql === known.sql;
    return isSame ? { ...one, effect: known.effect } : one;
  });
  return { ...loaded, upgrade };
}

/** How a file in SQL commits, and what was learned of it, is not what its statements say. */
const asWritten = (one: Operation): Operation =>
  one.kind === 'execute' ? { ...one, effect: null, transaction: true } : one;

function saidBy({ upgrade, downgrade }: LoadedRevision, before: SchemaDraft): string {
  const back = downgrade.kind === 'operations' ? downgrade.operations.map(asWritten) : downgrade;
  return canonicalJson([completeAndApply(upgrade, copyDraft(before)).map(asWritten), back]);
}

/** The revision with its pieces said as they are to be said; or why that cannot be. */
export async function rewriteRevision(
  revision: LoadedRevision,
  pieces: readonly Piece[],
  ground: RewriteGround,
): Promise<Rewritten | string> {
  const { file, kind } = revision.header;
  const raw = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fileFailed(file, error);
  });
  if (plainText(raw) !== revision.text) return 'the file has changed meanwhile';
  const edited = (kind === 'ts' ? editedModule : editedSql)({ raw, revision, pieces, ground });
  if (typeof edited === 'string') return edited;
  const loaded = await loadText(revision, edited.text, ground.means.dialect);
  if (typeof loaded === 'string') return loaded;
  const taught = withEffects(loaded, edited.upgrade);
  const wanted = { ...revision, upgrade: edited.upgrade };
  if (saidBy(taught, ground.before) !== saidBy(wanted, ground.before))
    return 'it could not be said in other words without a change of meaning';
  return {
    loaded: taught,
    diff: textDiff(plainText(raw), plainText(edited.text)),
    write: async () => {
      await writeFile(file, edited.text).catch((error: unknown) => {
        throw fileFailed(file, error);
      });
    },
  };
}
