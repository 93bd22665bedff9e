// A schema as the SQL that creates it in an empty database.
// In: a schema, the project's naming. Out: statements in an order that runs. Must not know a connection.

import { toposort } from '../../kernel/toposort.ts';
import type { Operation } from '../../operations/operation.ts';
import { mentions } from '../../schema/identifiers-in-sql.ts';
import type { Naming } from '../../schema/naming.ts';
import type { Ref, Schema, Table, Trigger } from '../../schema/schema.ts';
import { emptySchema, refOf } from '../../schema/schema.ts';
import { compile } from './compile.ts';
import { normalizeSchema } from './normalize.ts';
import { tokenize, unquoteName } from './tokens.ts';
import type { MysqlTraits } from './traits.ts';

/** What comes after what it mentions; where they mention each other in a circle, as given. */
function inOrder<T extends Ref>(objects: readonly T[], sql: (object: T) => string): readonly T[] {
  const byName = new Map(objects.map((object) => [object.name.toLowerCase(), object]));
  const dependencies = (object: T): readonly T[] => {
    const words = new Set(tokenize(sql(object)).map((token) => unquoteName(token.text).toLowerCase()));
    const mentioned = [...words].map((word) => byName.get(word));
    return mentioned.filter((other): other is T & {} => other !== undefined && other !== object);
  };
  return toposort({ nodes: objects, dependencies }).order ?? objects;
}

/** A trigger that FOLLOWS another comes after it. */
function triggersInOrder(triggers: readonly Trigger[]): readonly Trigger[] {
  const head = (trigger: Trigger) => /\b(?:FOLLOWS|PRECEDES) [^\n]*/.exec(trigger.sql)?.[0] ?? '';
  const dependencies = (trigger: Trigger) =>
    triggers.filter((other) => other !== trigger && mentions(head(trigger), other.name));
  return toposort({ nodes: triggers, dependencies }).order ?? triggers;
}

function foreignKeys(table: Table): readonly Operation[] {
  return table.foreignKeys.map((foreignKey) => ({ kind: 'addForeignKey', table: refOf(table), foreignKey }));
}

function operationsOf(schema: Schema): readonly Operation[] {
  return [
    ...schema.sequences.map((sequence): Operation => ({ kind: 'createSequence', sequence })),
    ...schema.tables.map(
      (table): Operation => ({ kind: 'createTable', table: { ...table, foreignKeys: [] } }),
    ),
    // Tables may refer to each other in a circle, so that keys come when all are there.
    ...schema.tables.flatMap(foreignKeys),
    ...inOrder(schema.routines, (routine) => routine.sql).map(
      (routine): Operation => ({ kind: 'createRoutine', routine }),
    ),
    ...inOrder(schema.views, (view) => view.sql).map((view): Operation => ({ kind: 'createView', view })),
    ...triggersInOrder(schema.triggers).map((trigger): Operation => ({ kind: 'createTrigger', trigger })),
  ];
}

/** The statements that create the schema, one each. */
export function dump(schema: Schema, naming: Naming, traits: MysqlTraits): readonly string[] {
  // A trigger as it is given may say its place, which its normal form does not.
  const operations = operationsOf({ ...normalizeSchema(schema, traits), triggers: schema.triggers });
  const segments = compile({ operations, before: emptySchema, naming }, traits);
  return segments.flatMap((segment) => segment.statements.map((statement) => statement.sql));
}
