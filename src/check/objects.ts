import type { Difference } from '../diff/compare.ts';
import { invariant } from '../kernel/invariant.ts';
import { displayForm } from '../schema/display.ts';
import type { Part, PartKind } from '../schema/parts.ts';
import { contentOf } from '../schema/parts.ts';
import { refKey } from '../schema/schema.ts';
import type { FoundObject, ObjectKind } from './finding.ts';

const kinds: Readonly<Record<PartKind, ObjectKind>> = {
  namespace: 'namespace',
  enum: 'enum',
  sequence: 'sequence',
  table: 'table',
  comment: 'comment',
  column: 'column',
  'primary-key': 'constraint',
  unique: 'constraint',
  'foreign-key': 'constraint',
  check: 'constraint',
  index: 'index',
  view: 'view',
  routine: 'routine',
  trigger: 'trigger',
};

const ofTable: ReadonlySet<PartKind> = new Set([
  'comment',
  'column',
  'primary-key',
  'unique',
  'foreign-key',
  'check',
  'index',
  'trigger',
]);

/** The side of a difference that is there: the wanted one, else the actual one. */
export function partOf(difference: Difference): Part {
  const part = difference.wanted ?? difference.actual;
  invariant(part, 'a difference has a side');
  return part;
}

/** The object that a part is, as findings name it. */
export function foundObject(part: Part): FoundObject {
  const { kind, owner } = part;
  const base = { kind: kinds[kind], namespace: owner.namespace };
  if (kind === 'trigger') return { ...base, table: owner.name, name: part.name?.split('\u0001')[1] ?? '' };
  if (!ofTable.has(kind)) return { ...base, table: null, name: owner.name };
  if (kind === 'comment') return { ...base, table: owner.name, name: owner.name };
  const { name } = part.form as { readonly name?: string | null };
  return { ...base, table: owner.name, name: name ?? contentOf(part) };
}

/** Both sides in words. */
export function sides({ wanted, actual }: Difference): {
  readonly expected: string | null;
  readonly found: string | null;
} {
  return { expected: wanted && displayForm(wanted), found: actual && displayForm(actual) };
}

const bearsParts = ({ kind }: Part): boolean => kind === 'table' || kind === 'view';

/** A table that is missing or extra stands for all its parts, a view for its triggers. */
export function collapse(differences: readonly Difference[]): readonly Difference[] {
  const whole = new Set(
    differences
      .filter((one) => bearsParts(partOf(one)) && one.kind !== 'changed')
      .map((one) => `${one.kind} ${refKey(partOf(one).owner)}`),
  );
  return differences.filter((one) => {
    const part = partOf(one);
    return !ofTable.has(part.kind) || !whole.has(`${one.kind} ${refKey(part.owner)}`);
  });
}
