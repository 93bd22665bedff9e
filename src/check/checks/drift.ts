import type { Difference } from '../../diff/compare.ts';
import type { Part } from '../../schema/parts.ts';
import { displayPart } from '../../schema/parts.ts';
import { refKey } from '../../schema/schema.ts';
import type { Finding, FindingCode } from '../finding.ts';
import type { Check, CheckInput } from '../input.ts';
import { finding } from '../make-finding.ts';
import { collapse, foundObject, partOf, sides } from '../objects.ts';

const keysOf = (part: Part): readonly string[] => [part.key, `${part.slot}\u0001~`];

function namedBy(part: Part, named: ReadonlyMap<string, string>): string | null {
  return (
    keysOf(part)
      .map((key) => named.get(key))
      .find((id) => id !== undefined) ?? null
  );
}

function code(side: 'drift' | 'model', difference: Difference): FindingCode {
  const kind = difference.kind === 'unsure' || difference.kind === 'unproven' ? 'changed' : difference.kind;
  return `${side}/${kind}-${foundObject(partOf(difference)).kind}` as FindingCode;
}

/** A missing column or table: the application's query that dies, with the message of this server. */
function deadQuery({ deadQueries }: CheckInput, difference: Difference): object {
  const part = partOf(difference);
  const query =
    difference.kind === 'missing' && (part.kind === 'column' || part.kind === 'table')
      ? deadQueries.get(refKey(part.owner))
      : undefined;
  return query ? { query: query.sql, error: query.error } : {};
}

function driftFinding(input: CheckInput, difference: Difference): Finding {
  const part = partOf(difference);
  const revision = namedBy(part, input.drift.named);
  const facts = { ...sides(difference), ...deadQuery(input, difference) };
  const said = { object: foundObject(part), revision, facts };
  if (difference.kind === 'missing')
    return finding(code('drift', difference), `${displayPart(part)} is missing`, {
      ...said,
      cure: 'surefoot repair',
    });
  if (difference.kind !== 'extra')
    return finding(code('drift', difference), `${displayPart(part)} is not what history says`, {
      ...said,
      cure: 'surefoot repair',
    });
  return extraFinding(input, difference, said);
}

type Said = Pick<Finding, 'object' | 'revision' | 'facts'>;

function extraFinding(input: CheckInput, difference: Difference, said: Said): Finding {
  const name = displayPart(partOf(difference));
  if (said.revision !== null)
    return finding(code('drift', difference), `${name} should be gone`, {
      ...said,
      cure: 'surefoot repair --allow drop-column (or drop-table, …), after a look at what it holds',
    });
  const ahead = namedBy(partOf(difference), input.namedPending);
  const message =
    ahead === null
      ? `${name} is in no revision`
      : `${name} is there ahead of revision ${ahead}, which is pending`;
  const cure =
    ahead === null
      ? 'leave it, ignore it in the config, or take it into history with `surefoot repair --adopt`'
      : 'surefoot upgrade';
  return finding(code('drift', difference), message, { ...said, revision: ahead, severity: 'warning', cure });
}

/** What the server has against what history says at the recorded revisions. */
export const drift: Check = (input) =>
  collapse(input.drift.differences).map((difference) =>
    difference.kind === 'unproven' ? unproven(difference) : driftFinding(input, difference),
  );

export const unproven = (difference: Difference): Finding =>
  finding(
    'drift/unproven',
    `it cannot be proven here that ${displayPart(partOf(difference))} is what history says`,
    {
      object: foundObject(partOf(difference)),
      facts: sides(difference),
      cure:
        difference.actual === null
          ? 'use a role that may see it (on MySQL and MariaDB: TRIGGER, SHOW VIEW)'
          : 'give a scratch server of the same version with --scratch-url, or a role that may create temporary objects',
    },
  );

/** What the models want against what history makes. */
export const model: Check = ({ model: compared }) =>
  collapse(compared?.differences ?? []).map((difference) => {
    const part = partOf(difference);
    const words = {
      missing: `the models have ${displayPart(part)}, and no revision makes it`,
      extra: `history makes ${displayPart(part)}, and the models do not have it`,
      changed: `${displayPart(part)} is not the same in models and history`,
      unsure: '',
    };
    const kind = difference.kind === 'unsure' || difference.kind === 'unproven' ? 'changed' : difference.kind;
    return finding(code('model', difference), words[kind], {
      object: foundObject(part),
      revision: namedBy(part, compared?.named ?? new Map()),
      facts: sides(difference),
      cure: 'surefoot revision --autogenerate -m "…"',
    });
  });
