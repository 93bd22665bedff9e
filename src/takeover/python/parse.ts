// Reads Python with a real parser; no Python is needed. In: the text of a file. Out: Module.
// Must not know what a version file is.

import type { Node, Source } from './parse-expression.ts';
import {
  partsOf,
  splitAt,
  textOf,
  toArguments,
  toExpression,
  toParameters,
  toTuple,
} from './parse-expression.ts';
import type { FunctionDefinition, ImportedName, Module, Statement } from './tree.ts';
import { lineAt } from './tree.ts';

type Place = { readonly from: number; readonly to: number };
const at = ({ from, to }: Node): Place => ({ from, to });

function hasError(node: Node): boolean {
  if (node.type.isError) return true;
  return partsOf(node).some((part) => part.name !== 'Body' && hasError(part));
}

const bodyOf = (node: Node | undefined, source: Source): readonly Statement[] =>
  node ? partsOf(node).flatMap((part) => toStatements(part, source)) : [];

function toFunction(node: Node, source: Source): FunctionDefinition {
  const parts = partsOf(node);
  const name = parts.find((part) => part.name === 'VariableName');
  return {
    kind: 'function',
    name: name ? textOf(name, source) : '',
    parameters: toParameters(
      parts.find((part) => part.name === 'ParamList'),
      source,
    ),
    body: bodyOf(
      parts.find((part) => part.name === 'Body'),
      source,
    ),
    ...at(node),
  };
}

function toClass(node: Node, source: Source): Statement {
  const parts = partsOf(node);
  const name = parts.find((part) => part.name === 'VariableName');
  const list = parts.find((part) => part.name === 'ArgList');
  return {
    kind: 'class',
    name: name ? textOf(name, source) : '',
    bases: list ? toArguments(list, source).flatMap((one) => (one.name === null ? [one.value] : [])) : [],
    body: bodyOf(
      parts.find((part) => part.name === 'Body'),
      source,
    ),
    ...at(node),
  };
}

function toAssignment(node: Node, source: Source): Statement {
  const groups = splitAt(
    partsOf(node).filter(({ name }) => name !== 'TypeDef'),
    'AssignOp',
  );
  const value = groups.at(-1);
  if (!value || groups.length < 2) return { kind: 'nothing', ...at(node) };
  const targets = groups.slice(0, -1).map((group) => toTuple(group, source));
  return { kind: 'assign', targets, value: toTuple(value, source), ...at(node) };
}

function toUpdate(node: Node, source: Source): Statement {
  const parts = partsOf(node);
  const mark = parts.findIndex(({ name }) => name === 'UpdateOp');
  const operator = parts[mark];
  if (!operator) return { kind: 'other', what: 'an assignment', ...at(node) };
  return {
    kind: 'update',
    target: toTuple(parts.slice(0, mark), source),
    operator: textOf(operator, source).slice(0, -1),
    value: toTuple(parts.slice(mark + 1), source),
    ...at(node),
  };
}

/** A statement with bodies as a list of its clauses: the words before each body, and the body. */
function clausesOf(node: Node): readonly { readonly head: readonly Node[]; readonly body: Node }[] {
  const clauses: { head: readonly Node[]; body: Node }[] = [];
  let head: Node[] = [];
  for (const part of partsOf(node)) {
    if (part.name !== 'Body') {
      head.push(part);
      continue;
    }
    clauses.push({ head, body: part });
    head = [];
  }
  return clauses;
}

function toIf(node: Node, source: Source): Statement {
  let no: readonly Statement[] = [];
  for (const { head, body } of clausesOf(node).toReversed()) {
    const yes = bodyOf(body, source);
    if (head[0]?.name === 'else') no = yes;
    else no = [{ kind: 'if', test: toExpression(head.slice(1), source), yes, no, ...at(node) }];
  }
  return no[0] ?? { kind: 'nothing', ...at(node) };
}

function toFor(node: Node, source: Source): Statement {
  const [loop, otherwise] = clausesOf(node);
  const head = loop?.head ?? [];
  const mark = head.findIndex(({ name }) => name === 'in');
  if (!loop || otherwise || head[0]?.name !== 'for') return { kind: 'other', what: 'a loop', ...at(node) };
  return {
    kind: 'for',
    target: toTuple(head.slice(1, mark), source),
    source: toTuple(head.slice(mark + 1), source),
    body: bodyOf(loop.body, source),
    ...at(node),
  };
}

function toWith(node: Node, source: Source): Statement {
  const [clause] = clausesOf(node);
  if (clause?.head[0]?.name !== 'with') return { kind: 'other', what: 'a with', ...at(node) };
  const items = splitAt(clause.head.slice(1), ',').map((group) => {
    const mark = group.findIndex(({ name }) => name === 'as');
    if (mark < 0) return { value: toExpression(group, source), as: null };
    return {
      value: toExpression(group.slice(0, mark), source),
      as: toExpression(group.slice(mark + 1), source),
    };
  });
  return { kind: 'with', items, body: bodyOf(clause.body, source), ...at(node) };
}

function toTry(node: Node, source: Source): Statement {
  const clauses = clausesOf(node);
  const bodies = (word: string) =>
    clauses.filter(({ head }) => head[0]?.name === word).map(({ body }) => bodyOf(body, source));
  return {
    kind: 'try',
    body: bodies('try')[0] ?? [],
    handlers: bodies('except'),
    otherwise: bodies('else')[0] ?? [],
    last: bodies('finally')[0] ?? [],
    ...at(node),
  };
}

const dotted = (nodes: readonly Node[], source: Source): string =>
  nodes.map((node) => textOf(node, source)).join('');

function aliased(
  group: readonly Node[],
  source: Source,
): { readonly path: string; readonly as: string | null } {
  const mark = group.findIndex(({ name }) => name === 'as');
  const name = group[mark + 1];
  if (mark < 0 || !name) return { path: dotted(group, source), as: null };
  return { path: dotted(group.slice(0, mark), source), as: textOf(name, source) };
}

function importedNames(node: Node, source: Source): readonly ImportedName[] {
  const parts = partsOf(node).filter(({ name }) => name !== '(' && name !== ')');
  const mark = parts.findIndex(({ name }) => name === 'import');
  const groups = splitAt(parts.slice(mark + 1), ',').map((group) => aliased(group, source));
  if (parts[0]?.name === 'from') {
    const from = dotted(parts.slice(1, mark), source);
    return groups.map(({ path, as }) => ({ path: `${from}.${path}`, as: as ?? path }));
  }
  return groups.map(({ path, as }) => {
    // `import a.b` binds `a`.
    const first = path.split('.')[0] ?? path;
    return as === null ? { path: first, as: first } : { path, as };
  });
}

function toReturn(node: Node, source: Source, kind: 'return' | 'raise'): Statement {
  const parts = partsOf(node).slice(1);
  const from = parts.findIndex(({ name }) => name === 'from');
  const given = from < 0 ? parts : parts.slice(0, from);
  return { kind, value: given.length === 0 ? null : toTuple(given, source), ...at(node) };
}

type Reader = (node: Node, source: Source) => Statement;
const nothing: Reader = (node) => ({ kind: 'nothing', ...at(node) });

const readers: Readonly<Record<string, Reader>> = {
  ExpressionStatement: (node, source) => ({
    kind: 'expression',
    value: toTuple(partsOf(node), source),
    ...at(node),
  }),
  AssignStatement: toAssignment,
  UpdateStatement: toUpdate,
  IfStatement: toIf,
  ForStatement: toFor,
  WithStatement: toWith,
  TryStatement: toTry,
  FunctionDefinition: toFunction,
  ClassDefinition: toClass,
  ReturnStatement: (node, source) => toReturn(node, source, 'return'),
  RaiseStatement: (node, source) => toReturn(node, source, 'raise'),
  ImportStatement: (node, source) => ({ kind: 'import', names: importedNames(node, source), ...at(node) }),
  PassStatement: nothing,
  // What it demands, it does not change.
  AssertStatement: nothing,
  PrintStatement: nothing,
  ScopeStatement: nothing,
  BreakStatement: (node) => ({ kind: 'break', ...at(node) }),
  ContinueStatement: (node) => ({ kind: 'continue', ...at(node) }),
};

function toStatements(node: Node, source: Source): readonly Statement[] {
  if (node.name === ':' || node.name === ';') return [];
  if (node.name === 'StatementGroup') return partsOf(node).flatMap((part) => toStatements(part, source));
  if (node.name === 'DecoratedStatement') {
    const definition = partsOf(node).find(({ name }) => name.endsWith('Definition'));
    return definition
      ? toStatements(definition, source)
      : [{ kind: 'other', what: 'a decorator', ...at(node) }];
  }
  const reader = Object.hasOwn(readers, node.name) ? readers[node.name] : undefined;
  if (!reader || hasError(node)) {
    const what = node.type.isError || hasError(node) ? 'it does not parse' : `${node.name} is not understood`;
    return [{ kind: 'other', what, ...at(node) }];
  }
  return [reader(node, source)];
}

/** Reads a file of Python. Broken code does not stop it: what is around it is read. */
export async function parsePython(text: string): Promise<Module> {
  const { parser } = await import('@lezer/python');
  const tree = parser.parse(text);
  const errors = new Set<number>();
  // By hand: a cursor goes as deep as the code does.
  for (const cursor = tree.cursor(); ; ) {
    if (cursor.type.isError) errors.add(lineAt(text, cursor.from));
    if (!cursor.next()) break;
  }
  const statements = partsOf(tree.topNode).flatMap((node) => toStatements(node, text));
  return { text, statements, errors: [...errors] };
}
