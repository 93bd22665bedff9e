// Revisions rewritten so that lint finds less. In: loaded revisions, rules. Out: what was rewritten, and what was left.
// Must not know any rule. What is written was loaded before, and said exactly what it was to say.

import { canonicalJson } from '../kernel/hash.ts';
import type { LintFinding } from '../lint/finding.ts';
import type { FixableFinding, LintedRevision, LintOptions } from '../lint/lint.ts';
import { lintForFixes } from '../lint/lint.ts';
import { completeAndApply } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { copyDraft, draftSchema } from '../schema/draft.ts';
import type { FixedRevision, LintChoices, LintFixes, UnfixedFinding } from './lint-choices.ts';
import type { LintMeans } from './lint-ground.ts';
import { compileAll } from './lint-ground.ts';
import type { Piece, Rewritten } from './lint-rewrite.ts';
import { piecesOf, rewriteRevision } from './lint-rewrite.ts';
import { readPast } from './past.ts';

/** What is to be fixed. */
export interface FixRequest {
  readonly means: LintMeans;
  readonly loaded: { readonly below: readonly LoadedRevision[]; readonly path: readonly LoadedRevision[] };
  readonly options: LintOptions;
  readonly choices: LintChoices;
}

/** A revision on its way: what each of its calls or statements is to say. */
interface Work {
  readonly original: LoadedRevision;
  pieces: readonly Piece[];
  /** Why nothing of it is rewritten; `null`: it may be. */
  obstacle: string | null;
}

/** What a fix says may have a fix, too; more than that of one operation would go in circles. */
const fixesOfOne = 4;

const operationsOf = ({ pieces }: Work): readonly Operation[] => pieces.flatMap((one) => one.operations);

/** The revision as it is to become, its lines those of the pieces. */
function asWorked(work: Work): LoadedRevision {
  const lines = work.pieces.flatMap(({ line, operations }) => operations.map(() => line));
  return { ...work.original, upgrade: operationsOf(work), lines };
}

/** The piece that holds the position, and the position in it. */
function pieceAt({ pieces }: Work, position: number): readonly [Piece, number] | null {
  let first = 0;
  for (const piece of pieces) {
    if (position < first + piece.operations.length) return position < 0 ? null : [piece, position - first];
    first += piece.operations.length;
  }
  return null;
}

interface Round {
  readonly left: UnfixedFinding[];
}

function leftOver({ file, line, rule, operation, revision }: LintFinding, why: string): UnfixedFinding {
  return { revision, file, line, rule, operation, why };
}

/** The next fix that may be taken, and where; what may not be is noted. */
function nextFix(work: Work, found: readonly FixableFinding[], { left }: Round) {
  for (const { finding, position, fix } of found) {
    const at = fix && pieceAt(work, position);
    if (!fix || !at) continue;
    const [piece, inner] = at;
    const why = work.obstacle ?? piece.obstacle;
    if (why === null && piece.findings.length < fixesOfOne * piece.positions.length)
      return { piece, inner, finding, fix };
    const one = why && leftOver(finding, why);
    if (one && !left.some((other) => canonicalJson(other) === canonicalJson(one))) left.push(one);
  }
  return null;
}

/** Takes in one of the fixes that lint proposes: positions behind it move. True: there was one. */
function takeFix(work: Work, found: readonly FixableFinding[], round: Round): boolean {
  const next = nextFix(work, found, round);
  if (next === null) return false;
  const { piece, inner, finding, fix } = next;
  const changed: Piece = {
    ...piece,
    operations: piece.operations.toSpliced(inner, 1, ...fix),
    rules: [...new Set([...piece.rules, finding.rule])],
    findings: [...piece.findings, finding],
  };
  work.pieces = work.pieces.map((one) => (one === piece ? changed : one));
  return true;
}

function lintWork(works: readonly Work[], { means, loaded, options }: FixRequest) {
  const { revisions, start } = compileAll(means, { ...loaded, path: works.map(asWorked) });
  return { found: lintForFixes(revisions, copyDraft(start), options), revisions, start };
}

/** Lets lint propose until it has nothing new to say. */
function proposeAll(works: readonly Work[], request: FixRequest, round: Round): void {
  for (let isNew = true; isNew; ) {
    const { found } = lintWork(works, request);
    const news = works.map((work) => {
      const own = found.filter(({ finding }) => finding.revision === work.original.header.id);
      return takeFix(work, own, round);
    });
    isNew = news.includes(true);
  }
}

function schemaAfter(operations: readonly Operation[], before: SchemaDraft): string {
  const draft = copyDraft(before);
  completeAndApply(operations, draft);
  return canonicalJson(draftSchema(draft));
}

/** A downgrade by hand was written for what the upgrade left. */
function downgradeObstacle(work: Work, before: SchemaDraft): string | null {
  if (work.original.downgrade.kind !== 'operations') return null;
  const isSame = schemaAfter(work.original.upgrade, before) === schemaAfter(operationsOf(work), before);
  return isSame ? null : 'its downgrade is written by hand, and would no longer undo it';
}

function giveUp(work: Work, why: string, { left }: Round): void {
  const findings = work.pieces.flatMap((piece) => piece.findings);
  left.push(...findings.map((finding) => leftOver(finding, why)));
  work.pieces = piecesOf(work.original, null);
  work.obstacle = why;
}

/** The texts of what was worked on, proven; what cannot be written is given up. */
async function rewriteAll(
  works: readonly Work[],
  request: FixRequest,
  round: Round,
): Promise<ReadonlyMap<string, Rewritten>> {
  const { revisions, start } = lintWork(works, request);
  const results = new Map<string, Rewritten>();
  const draft = copyDraft(start);
  for (const [i, work] of works.entries()) {
    const before = copyDraft(draft);
    const linted: LintedRevision | undefined = revisions[i];
    completeAndApply(linted?.operations ?? [], draft);
    if (work.pieces.every(({ rules }) => rules.length === 0)) continue;
    const why = downgradeObstacle(work, before);
    const result = why ?? (await rewriteRevision(work.original, work.pieces, { ...request, before }));
    if (typeof result === 'string') giveUp(work, result, round);
    else results.set(work.original.header.id, result);
  }
  return results;
}

async function appliedTo({ means: { opened, graph } }: FixRequest): Promise<ReadonlySet<string>> {
  return opened ? (await readPast(opened, graph)).applied : new Set();
}

/** Rewrites what has a safe form, or shows it; and looks at the result. */
export async function fixRevisions(
  request: FixRequest,
): Promise<{ readonly findings: readonly LintFinding[]; readonly fixes: LintFixes }> {
  const { choices, means, loaded } = request;
  const applied = await appliedTo(request);
  const works = loaded.path.map((original): Work => {
    const isTaken = applied.has(original.header.id) && choices.force !== true;
    const obstacle = isTaken
      ? 'the database has the revision already (--force rewrites it all the same)'
      : null;
    return { original, pieces: piecesOf(original, means.dialect), obstacle };
  });
  const round: Round = { left: [] };
  proposeAll(works, request, round);
  const results = await rewriteAll(works, request, round);
  const isWritten = choices.fix === 'write';
  for (const { write } of isWritten ? results.values() : []) await write();
  const path = loaded.path.map((one) => results.get(one.header.id)?.loaded ?? one);
  const final = compileAll(means, { ...loaded, path });
  const findings = lintForFixes(final.revisions, copyDraft(final.start), request.options);
  const fixed = works.flatMap((work): readonly FixedRevision[] => {
    const result = results.get(work.original.header.id);
    if (!result) return [];
    const { id, file } = work.original.header;
    return [
      {
        revision: id,
        file,
        rules: [...new Set(work.pieces.flatMap(({ rules }) => rules))],
        diff: result.diff,
      },
    ];
  });
  const fixes = { written: isWritten, knowsApplied: means.opened !== null, fixed, left: round.left };
  return { findings: findings.map(({ finding }) => finding), fixes };
}
