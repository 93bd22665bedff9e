// A schema as the SQL that creates it in an empty database.
// In: a schema, the project's naming. Out: statements in an order that runs. Must not know a connection.

import type { Naming } from '../../dialect/dialect.ts';
import type { Operation } from '../../operations/operation.ts';
import type { Schema, Table } from '../../schema/schema.ts';
import { emptySchema, refOf } from '../../schema/schema.ts';
import type { Server } from './compile.ts';
import { compile } from './compile.ts';
import { identifiersIn } from './expression.ts';
import { namedTable } from './part-names.ts';

/** An operation, what it brings into being, and the text that may mention others. */
interface Node {
  readonly operation: Operation;
  readonly key: string;
  readonly provides: readonly string[];
  readonly text: string;
}

function tableText(table: Table): string {
  const columns = table.columns.flatMap(({ type, default: value, generated }) => [
    type.kind === 'native' ? JSON.stringify(type.sql).slice(1, -1) : '',
    type.kind === 'enum' && type.name !== null ? `"${type.name.replaceAll('"', '""')}"` : '',
    value?.kind === 'expression' ? value.sql : '',
    generated?.sql ?? '',
  ]);
  const checks = table.checks.map((check) => check.sql);
  const inherits = table.options['inherits'];
  return [...columns, ...checks, inherits === undefined ? '' : String(inherits)].join(' ; ');
}

/** The declaration of a routine without its body, which is not looked into before the first call. */
function routineHead(sql: string): string {
  const body = /\bAS\s+(\$[\w]*\$|')/i.exec(sql);
  return body === null ? sql : sql.slice(0, body.index);
}

function nodesOf(schema: Schema, tables: readonly Table[]): readonly Node[] {
  const node = (operation: Operation, name: string, text: string, provides = [name]): Node => ({
    operation,
    key: `${operation.kind} ${name}`,
    provides,
    text,
  });
  return [
    ...schema.enums.map((one) => node({ kind: 'createEnum', enum: one }, one.name, '')),
    ...schema.sequences.map((one) => node({ kind: 'createSequence', sequence: one }, one.name, '')),
    ...tables.map((table) =>
      node({ kind: 'createTable', table: { ...table, foreignKeys: [] } }, table.name, tableText(table)),
    ),
    ...schema.routines.map((one) =>
      node({ kind: 'createRoutine', routine: one }, one.name, routineHead(one.sql)),
    ),
    ...schema.views.map((one) => node({ kind: 'createView', view: one }, one.name, one.sql)),
  ];
}

/** Depth first: what a text mentions comes before it; otherwise the order given stays. */
function inOrder(nodes: readonly Node[]): readonly Node[] {
  const providers = new Map<string, Node[]>();
  for (const node of nodes) {
    for (const name of node.provides) providers.set(name, [...(providers.get(name) ?? []), node]);
  }
  const done = new Set<Node>();
  const ordered: Node[] = [];
  const visit = (node: Node): void => {
    if (done.has(node)) return;
    done.add(node);
    for (const name of identifiersIn(node.text)) for (const other of providers.get(name) ?? []) visit(other);
    ordered.push(node);
  };
  for (const node of nodes) visit(node);
  return ordered;
}

function keysOf(table: Table): readonly Operation[] {
  return table.foreignKeys.map((foreignKey) => ({ kind: 'addForeignKey', table: refOf(table), foreignKey }));
}

/** The operations that make the schema out of nothing. */
function creation(schema: Schema, naming: Naming): readonly Operation[] {
  const tables = schema.tables.map((table) => namedTable(table, naming));
  return [
    ...schema.namespaces.map((namespace): Operation => ({ kind: 'createNamespace', namespace })),
    ...inOrder(nodesOf(schema, tables)).map((node) => node.operation),
    ...tables.flatMap(keysOf),
    ...schema.triggers.map((trigger): Operation => ({ kind: 'createTrigger', trigger })),
  ];
}

/** Statements that create the schema. What the model cannot say is left out. */
export function dump(schema: Schema, naming: Naming, server: Server): readonly string[] {
  const operations = creation(schema, naming);
  const segments = compile({ operations, before: emptySchema, naming }, server);
  const statements = segments.flatMap((segment) => segment.statements.map((statement) => statement.sql));
  const unchecked = schema.routines.length === 0 ? [] : ['SET check_function_bodies = off'];
  return [...unchecked, ...statements];
}
