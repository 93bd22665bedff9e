// A schema as the code of a model. In: Schema. Out: the text of a file that exports it. Must not know servers or files.

import { SurefootError } from '../kernel/errors.ts';
import type { Ref, Schema } from '../schema/schema.ts';
import { displayRef, sameRef, toRef } from '../schema/schema.ts';
import type { Expression } from './code/expression.ts';
import { call, importsOf, json } from './code/expression.ts';
import { layOut } from './code/layout.ts';
import { sayTable } from './say-table.ts';

const width = 100;
const opening = 'export default ';

function refuse(object: string, why: string): never {
  throw new SurefootError('operation/not-writable', `${object} cannot be written as code: ${why}`, {
    details: { operation: object },
    hint: 'Write the model in SQL: --model sql.',
  });
}

/** The name as a member: what reads back as another name has no place there. */
function memberOf(kind: string, ref: Ref): string {
  const text = displayRef(ref);
  return sameRef(toRef(text), ref) ? text : refuse(`${kind} ${text}`, 'its name holds a dot');
}

const open = (members: readonly (readonly [string, Expression])[]): Expression => ({
  kind: 'record',
  members,
  isOpen: true,
});

function members<T extends Ref>(
  kind: string,
  list: readonly T[],
  say: (one: T) => Expression,
): Expression | null {
  return list.length === 0 ? null : open(list.map((one) => [memberOf(kind, one), say(one)] as const));
}

const listOf = (items: readonly unknown[]): Expression | null => (items.length === 0 ? null : json(items));

/** The text of a file that declares the schema with `defineSchema`. What the schema does not understand is not in it. */
export function renderModel(schema: Schema): string {
  const { tables, enums, views, triggers, routines, sequences } = schema;
  const materialized = views.find((one) => one.materialized);
  if (materialized) refuse(`view ${displayRef(materialized)}`, 'it is materialized');
  const parts: readonly (readonly [string, Expression | null])[] = [
    ['enums', members('enum', enums, ({ values }) => json(values))],
    ['tables', members('table', tables, (one) => call(null, 'table', ...sayTable(one).slice(1))) ?? json({})],
    ['views', members('view', views, ({ sql }) => json(sql))],
    ['sequences', listOf(sequences)],
    ['routines', listOf(routines)],
    ['triggers', listOf(triggers)],
  ];
  const said = parts.flatMap(([name, part]) => (part === null ? [] : [[name, part] as const]));
  const code = call(null, 'defineSchema', open(said));
  const imports = [...new Set(importsOf(code))].sort().join(', ');
  const text = layOut(code, { width, indent: 0, before: opening.length, behind: 1 });
  return `import { ${imports} } from 'surefoot';\n\n${opening}${text};\n`;
}
