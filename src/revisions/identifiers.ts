// What people write for a revision: ids, prefixes, labels, head, base, current, steps from there.
// In: an identifier, the graph, the recorded revisions. Out: ids, or a refusal. Must not know files or databases.

import { SurefootError } from '../kernel/errors.ts';
import type { RevisionGraph } from './graph.ts';
import { ancestors, descendants, effectiveHeads, inOrder, nodeOf, unknownRevision } from './graph.ts';
import { didYouMean, nearNames } from './near.ts';
import { openHeads } from './phases.ts';
import { walkDown, walkUp } from './walk.ts';

/** What the identifier is for. Steps from the database's state go up for an upgrade, down for a downgrade. */
export type Purpose = 'upgrade' | 'downgrade' | 'stamp' | 'show';

export interface ResolveContext {
  /** The rows of the version table; `null`: no database was asked. */
  readonly current: readonly string[] | null;
  readonly purpose: Purpose;
}

/** An identifier taken apart: `label@name+steps`. */
interface Parts {
  readonly text: string;
  readonly label: string | null;
  /** '': none, the steps start at the recorded revisions. */
  readonly name: string;
  readonly steps: number | null;
}

/** What the functions below share. */
interface Question extends ResolveContext {
  readonly graph: RevisionGraph;
  readonly text: string;
}

const longest = 255;
const shortestPrefix = 4;

function invalid(identifier: string, problem: string, hint: string): SurefootError<'identifier/invalid'> {
  return new SurefootError('identifier/invalid', `${JSON.stringify(identifier)} ${problem}`, {
    details: { identifier },
    hint,
  });
}

function outOfRange(identifier: string, problem: string): SurefootError<'revision/out-of-range'> {
  return new SurefootError('revision/out-of-range', `'${identifier}': ${problem}`, {
    details: { identifier },
    hint: 'See the chain with `surefoot history`.',
  });
}

/** Revisions to choose from, as a refusal. */
function ambiguous(identifier: string, problem: string, candidates: readonly string[]) {
  return new SurefootError('revision/ambiguous', `'${identifier}' ${problem}: ${candidates.join(', ')}`, {
    details: { identifier, candidates },
    hint: 'Name one of them.',
  });
}

function severalHeads(text: string, heads: readonly string[]): SurefootError<'revision/multiple-heads'> {
  return new SurefootError(
    'revision/multiple-heads',
    `'${text}' is not one revision: there are the heads ${heads.join(', ')}`,
    {
      details: { heads },
      hint: "Say 'heads' for all of them, '<label>@head' or an id for one, or join them with `surefoot merge heads`.",
    },
  );
}

function refuseLength(identifier: string): void {
  if (identifier.length <= longest) return;
  const message = `an identifier of ${identifier.length} characters names no revision`;
  const details = { identifier: identifier.slice(0, longest), limit: longest, unit: 'characters' as const };
  throw new SurefootError('identifier/too-long', message, {
    details,
    hint: `Ids have up to ${longest} characters.`,
  });
}

/** The revision with exactly this id or this name in another tool. */
function exactRevision(graph: RevisionGraph, name: string): string | null {
  return graph.nodes.has(name) ? name : (graph.imported.get(name) ?? null);
}

function isExact(graph: RevisionGraph, name: string): boolean {
  return exactRevision(graph, name) !== null || graph.labels.has(name);
}

/** Takes an identifier apart. A name that exists is never taken for a name and steps. */
function parse(text: string, graph: RevisionGraph): Parts {
  if (text === '') throw invalid(text, 'is empty', "Say 'heads' or 'base', or give an id.");
  if (isExact(graph, text)) return { text, label: null, name: text, steps: null };
  refuseLength(text);
  const at = text.indexOf('@');
  const label = at < 0 ? null : text.slice(0, at);
  const rest = text.slice(at + 1);
  const relative = isExact(graph, rest) ? null : /^(.*?)([+-]\d+)$/s.exec(rest);
  const name = relative?.[1] ?? rest;
  if (label === '')
    throw invalid(
      text,
      'names no branch before the @',
      "Say '<label>@head'; `surefoot branches` lists the labels.",
    );
  if (at >= 0 && rest === '') throw invalid(text, 'names nothing behind the @', `Say '${label}@head'.`);
  for (const part of [label, name]) refuseCharacters(text, part, graph);
  return { text, label, name, steps: relative ? Number(relative[2]) : null };
}

function refuseCharacters(text: string, part: string | null, graph: RevisionGraph): void {
  if (part === null || part === '' || isExact(graph, part)) return;
  const wrong = /[^\p{L}\p{N}_.-]/u.exec(part)?.[0];
  if (wrong === undefined) return;
  const hint = part.includes(':')
    ? 'A range a:b is understood by history and by offline SQL.'
    : 'Ids are made of letters, digits, _ and . (`surefoot history` lists them); steps are written id+1, id-1, branches label@head.';
  throw invalid(text, `holds ${JSON.stringify(wrong)}, which no identifier of a revision can`, hint);
}

/** A revision by id, name in another tool, or unique prefix of an id; `null`: it is none of these. */
function findRevision({ graph, text }: Question, name: string): string | null {
  const exact = exactRevision(graph, name);
  if (exact !== null || name.length < shortestPrefix) return exact;
  const candidates = graph.order.filter((id) => id.startsWith(name));
  if (candidates.length > 1) throw ambiguous(text, 'begins several ids', candidates);
  return candidates[0] ?? null;
}

function notFound({ graph, text }: Question, name: string): SurefootError {
  const begins =
    name.length < shortestPrefix ? graph.order.filter((id) => id.startsWith(name)).slice(0, 5) : [];
  if (begins.length === 0) return unknownRevision(graph, name);
  return new SurefootError('revision/not-found', `no revision is called '${text}'`, {
    details: { identifier: text, similar: begins },
    hint: `A prefix needs at least ${shortestPrefix} characters. Did you mean ${begins.join(' or ')}?`,
  });
}

/** The revision behind the name before an @: what declares the label, or a revision itself. */
function branchRevision(question: Question, label: string): string {
  const { graph } = question;
  const found = graph.labels.get(label) ?? findRevision(question, label);
  if (found !== null) return found;
  const hint = didYouMean(nearNames(label, [...graph.labels.keys(), ...graph.nodes.keys()]));
  throw new SurefootError('revision/not-found', `no branch is called '${label}'`, {
    details: { identifier: question.text, similar: nearNames(label, graph.labels.keys()) },
    hint: hint ?? 'List the branches with `surefoot branches`.',
  });
}

/** All that is reached from a revision through `revises`, in both directions. */
function lineage(graph: RevisionGraph, id: string): ReadonlySet<string> {
  return new Set([...ancestors(graph, [id], 'revises'), ...descendants(graph, [id], 'revises')]);
}

function headsOf({ graph }: Question, branch: string | null): readonly string[] {
  if (branch === null) return graph.realHeads;
  const line = lineage(graph, branch);
  return graph.heads.filter((id) => line.has(id));
}

function singleHead(question: Question, branch: string | null): readonly string[] {
  const { graph, text } = question;
  const open = openHeads(graph);
  const line = branch === null ? null : lineage(graph, branch);
  const heads = line === null ? open : open.filter((id) => line.has(id));
  if (heads.length > 1) throw severalHeads(text, heads);
  return heads;
}

/** The recorded revisions that count: those that no other reaches. */
function currentRows({ graph, current, text }: Question): readonly string[] {
  if (current !== null) return effectiveHeads(graph, current);
  throw invalid(text, 'starts at the recorded revisions, and no database was asked', 'Give an id instead.');
}

/** The ids that a name without steps stands for. `branch`: the revision behind `label@`. */
function resolveName(question: Question, name: string, branch: string | null): readonly string[] {
  const { graph } = question;
  if (name === 'base')
    return question.purpose === 'stamp' && branch !== null ? rowsWithout(question, branch) : [];
  if (name === 'head') return singleHead(question, branch);
  if (name === 'heads') return headsOf(question, branch);
  if (name === 'current') return currentOn(question, branch);
  const labelled = graph.labels.get(name);
  if (labelled !== undefined) return singleHead(question, labelled);
  const id = findRevision(question, name);
  if (id === null) throw notFound(question, name);
  if (branch !== null && !lineage(graph, branch).has(id)) {
    throw outOfRange(question.text, `revision ${id} is not on the branch of ${branch}`);
  }
  return [id];
}

/** Where the database stands on a branch: the highest applied revisions that belong to it. */
function currentOn(question: Question, branch: string | null): readonly string[] {
  const rows = currentRows(question);
  if (branch === null) return rows;
  const { graph } = question;
  const line = lineage(graph, branch);
  const onBranch = [...ancestors(graph, rows)].filter((id) => line.has(id));
  const below = new Set(onBranch.flatMap((id) => nodeOf(graph, id).revises));
  return inOrder(
    graph,
    onBranch.filter((id) => !below.has(id)),
  );
}

/** The rows that are left when a branch is taken back to its base, with all that depends on it. */
function rowsWithout(question: Question, branch: string): readonly string[] {
  const { graph } = question;
  const below = ancestors(graph, [branch], 'revises');
  const gone = descendants(
    graph,
    graph.bases.filter((id) => below.has(id)),
  );
  const applied = ancestors(graph, currentRows(question));
  return effectiveHeads(
    graph,
    [...applied].filter((id) => !gone.has(id)),
  );
}

/** Where steps without a name start. Down a branch only from its own end, not from where another branch comes off. */
function startingRows(question: Question, branch: string | null): readonly string[] {
  const rows = currentOn(question, branch);
  if (branch === null || question.purpose !== 'downgrade') return rows;
  const { graph } = question;
  const applied = ancestors(graph, currentRows(question));
  const ends = rows.filter((id) => !nodeOf(graph, id).children.some((child) => applied.has(child)));
  if (ends.length === 0) throw outOfRange(question.text, 'the branch is not applied');
  return ends;
}

/** The revision from which steps are counted; `null`: below all bases. */
function startOf(question: Question, parts: Parts, branch: string | null): string | null {
  if (parts.name === '') {
    const rows = startingRows(question, branch);
    if (rows.length > 1) throw ambiguous(parts.text, 'starts at several recorded revisions', rows);
    return rows[0] ?? null;
  }
  const ids = resolveName(question, parts.name, branch);
  if (ids.length > 1) throw severalHeads(parts.text, ids);
  return ids[0] ?? null;
}

/** Refuses steps that the purpose does not know: up in a downgrade, down in an upgrade, none at all. */
function refuseDirection({ purpose, text }: Question, parts: Parts): void {
  const steps = parts.steps ?? 0;
  if (steps === 0) throw outOfRange(text, 'it takes no step');
  if (parts.name !== '') return;
  if (purpose === 'upgrade' && steps < 0)
    throw outOfRange(text, 'an upgrade goes up; use `surefoot downgrade`');
  if (purpose === 'downgrade' && steps > 0)
    throw outOfRange(text, 'a downgrade goes down; use `surefoot upgrade`');
}

/** The revision some steps away; `null`: base. */
function resolveSteps(question: Question, parts: Parts, branch: string | null): string | null {
  refuseDirection(question, parts);
  const { graph, text } = question;
  const steps = parts.steps ?? 0;
  const start = startOf(question, parts, branch);
  const within = branch === null ? null : lineage(graph, branch);
  const walk =
    steps > 0 ? walkUp(graph, start, { steps, within }) : walkDown(graph, start, { steps: -steps });
  if ('end' in walk) return walk.end;
  if (walk.choices.length > 0) throw ambiguous(text, 'comes to a fork', walk.choices);
  const taken = walk.taken === 1 ? '1 revision' : `${walk.taken} revisions`;
  throw outOfRange(
    text,
    `there ${walk.taken === 1 ? 'is' : 'are'} only ${taken} ${steps > 0 ? 'above' : 'below'} its start`,
  );
}

function ask(
  identifier: string,
  graph: RevisionGraph,
  context: ResolveContext,
): { question: Question; parts: Parts } {
  return { question: { ...context, graph, text: identifier }, parts: parse(identifier, graph) };
}

/**
 * The revisions that an identifier stands for: full id, unique prefix, label (the head of its branch), `head`, `heads`,
 * `base` (none), `current`, `+N`, `-N`, `id+N`, `label@…`, the name in another tool. What is not clear is refused.
 */
export function resolve(
  identifier: string,
  graph: RevisionGraph,
  context: ResolveContext,
): readonly string[] {
  const { question, parts } = ask(identifier, graph, context);
  const branch = parts.label === null ? null : branchRevision(question, parts.label);
  if (parts.steps === null) return resolveName(question, parts.name, branch);
  const end = resolveSteps(question, parts, branch);
  return end === null ? [] : [end];
}

/** Where a downgrade ends. */
export interface DowngradeTarget {
  /** The revision that stays; `null`: nothing does. */
  readonly to: string | null;
  /** Only what lies above on the branch of this revision goes; `null`: all that lies above. */
  readonly branch: string | null;
}

/** Reads the target of a downgrade. With `-N` only the branch that the database stands on goes down. */
export function resolveDowngrade(
  identifier: string,
  graph: RevisionGraph,
  current: readonly string[] | null,
): DowngradeTarget {
  const { question, parts } = ask(identifier, graph, { current, purpose: 'downgrade' });
  const branch = parts.label === null ? null : branchRevision(question, parts.label);
  if (parts.steps !== null) {
    const to = resolveSteps(question, parts, branch);
    return { to, branch: parts.name === '' ? startOf(question, parts, branch) : branch };
  }
  const ids = resolveName(question, parts.name, branch);
  if (ids.length > 1) throw severalHeads(identifier, ids);
  return { to: ids[0] ?? null, branch };
}

/** Both ends of `a:b`. An end that is left out is base or all heads. */
export interface RevisionRange {
  readonly lower: readonly string[];
  readonly upper: readonly string[];
}

/** Reads `a:b`, `:b` and `a:`. The lower end must lie below the upper one. */
export function resolveRange(range: string, graph: RevisionGraph, context: ResolveContext): RevisionRange {
  const colon = range.indexOf(':');
  if (colon < 0)
    throw invalid(
      range,
      'is not a range',
      `Write 'a:b': '${range}:${range}' is this one alone, '${range}:' with all after it, ':${range}' with all before it.`,
    );
  const [from, to] = [range.slice(0, colon), range.slice(colon + 1)];
  const lower = from === '' ? [] : resolve(from, graph, context);
  const upper = to === '' ? graph.realHeads : resolve(to, graph, context);
  const reached = ancestors(graph, upper);
  const stray = lower.find((id) => !reached.has(id));
  if (stray === undefined) return { lower, upper };
  const end = upper.join(', ') || 'base';
  throw new SurefootError('revision/not-an-ancestor', `${stray} does not lie below ${end}`, {
    details: { lower: stray, upper: end },
    hint: 'Write the older revision first.',
  });
}
