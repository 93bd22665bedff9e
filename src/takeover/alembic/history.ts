// The version files as a graph. In: headers. Out: revisions in an order in which parents come first, and what is wrong.
// Must not know what revisions do.

import { hashText } from '../../kernel/hash.ts';
import type { Module } from '../python/tree.ts';
import type { VersionHeader } from './header.ts';

/** A version file that has a head. */
export interface Version {
  readonly file: string;
  readonly module: Module;
  readonly header: VersionHeader;
}

/** What is wrong with the place of a revision in the graph. */
export interface GraphRemark {
  readonly revision: string;
  readonly line: number;
  readonly reason: string;
}

export interface History {
  readonly versions: readonly Version[];
  readonly heads: readonly string[];
  readonly remarks: readonly GraphRemark[];
  /** The id in Surefoot of each id in Alembic. */
  readonly ids: ReadonlyMap<string, string>;
}

/** Ids that Surefoot takes, as near as can be; two that become the same are told apart. */
function idsOf(revisions: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(revisions.filter((one) => /^[A-Za-z0-9_.]+$/.test(one)));
  return new Map(
    revisions.map((one) => {
      if (taken.has(one)) return [one, one] as const;
      const plain = one.replaceAll(/[^A-Za-z0-9_.]+/g, '_');
      const id = taken.has(plain) || plain === '_' ? `${plain}_${hashText(one).slice(0, 8)}` : plain;
      taken.add(id);
      return [one, id] as const;
    }),
  );
}

/** As Alembic does: of several files with one id the last counts. */
function lastOfEach(versions: readonly Version[]): {
  readonly kept: readonly Version[];
  readonly remarks: readonly GraphRemark[];
} {
  const byId = new Map(versions.map((one) => [one.header.revision, one] as const));
  const doubled = versions.filter((one) => byId.get(one.header.revision) !== one);
  return {
    kept: [...byId.values()],
    remarks: doubled.map(({ file, header }) => ({
      revision: header.revision,
      line: 1,
      reason: `${file} has the same id; as in Alembic, the last file counts`,
    })),
  };
}

interface Sorting {
  readonly byId: ReadonlyMap<string, Version>;
  readonly labels: ReadonlyMap<string, string>;
}

const needsOf = ({ header }: Version, { labels }: Sorting): readonly string[] =>
  [...header.revises, ...header.dependsOn].map((one) => labels.get(one) ?? one);

/** Parents first; what is in a circle comes last. */
function sorted(
  versions: readonly Version[],
  sorting: Sorting,
): { readonly order: readonly Version[]; readonly circle: readonly Version[] } {
  const done = new Set<string>();
  const order: Version[] = [];
  let rest = versions;
  while (rest.length > 0) {
    const ready = rest.filter((one) =>
      needsOf(one, sorting).every((id) => done.has(id) || !sorting.byId.has(id)),
    );
    if (ready.length === 0) break;
    for (const one of ready) done.add(one.header.revision);
    order.push(...ready);
    rest = rest.filter((one) => !done.has(one.header.revision));
  }
  return { order: [...order, ...rest], circle: rest };
}

const longest = 32;

function remarksOn(version: Version, sorting: Sorting): readonly GraphRemark[] {
  const { revision, line, revises, dependsOn } = version.header;
  const at = { revision, line };
  const missing = revises.filter((one) => !sorting.byId.has(one));
  const unknown = dependsOn.filter((one) => !sorting.byId.has(one) && !sorting.labels.has(one));
  return [
    ...missing.map((one) => ({ ...at, reason: `its parent ${one} is in no file` })),
    ...unknown.map((one) => ({ ...at, reason: `it depends on ${one}, which is in no file` })),
    ...(revision.length > longest
      ? [
          {
            ...at,
            reason: `its id has ${revision.length} characters; alembic_version holds ${longest} unless it was widened`,
          },
        ]
      : []),
  ];
}

/** The graph of the files. */
export function readHistory(versions: readonly Version[]): History {
  const { kept, remarks } = lastOfEach(versions);
  const byId = new Map(kept.map((one) => [one.header.revision, one] as const));
  const labels = new Map(
    kept.flatMap(({ header }) => header.labels.map((label) => [label, header.revision] as const)),
  );
  const sorting = { byId, labels };
  const { order, circle } = sorted(kept, sorting);
  const parents = new Set(kept.flatMap(({ header }) => header.revises));
  const ids = idsOf(kept.map(({ header }) => header.revision));
  return {
    versions: order,
    heads: kept
      .map(({ header }) => header.revision)
      .filter((one) => !parents.has(one))
      .map((one) => ids.get(one) ?? one)
      .sort(),
    remarks: [
      ...remarks,
      ...kept.flatMap((one) => remarksOn(one, sorting)),
      ...circle.map(({ header }) => ({
        revision: header.revision,
        line: header.line,
        reason: 'it is part of a circle, or stands above one',
      })),
    ],
    ids,
  };
}
