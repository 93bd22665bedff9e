// In: the TypeScript project. Out: what each file of src/ imports, touches and names, with its line.
// Must not know: what is allowed, but for the names that matter.

import { dirname, join, relative } from 'node:path';
import type { Expression, Node, SourceFile, StringLiteral } from 'typescript/unstable/ast';
import { SyntaxKind } from 'typescript/unstable/ast';
import {
  isBinaryExpression,
  isCallExpression,
  isCaseClause,
  isExportDeclaration,
  isIdentifier,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isNewExpression,
  isPropertyAccessExpression,
  isPropertyAssignment,
  isStringLiteral,
  isSwitchStatement,
} from 'typescript/unstable/ast/is';
import { API, type Checker, type Type } from 'typescript/unstable/sync';
import { dialectNames } from './layers.ts';

interface Place {
  /** Below src/. */
  readonly file: string;
  readonly line: number;
}

export interface Import extends Place {
  readonly specifier: string;
  /** The file that is meant, by its path from src/; `null`: a package, or something of Node's. */
  readonly target: string | null;
  readonly kind: 'value' | 'type' | 'dynamic';
}

/** A name of the world outside: `process`, `Date.now`. */
export interface Touch extends Place {
  readonly name: string;
}

export interface Facts {
  readonly files: readonly string[];
  readonly imports: readonly Import[];
  readonly touches: readonly Touch[];
  /** Names of database families, where something is decided by them. */
  readonly names: readonly Touch[];
}

interface Notes {
  readonly imports: Import[];
  readonly touches: Touch[];
  readonly names: Touch[];
}

interface Reading {
  /** The folder `src`. */
  readonly folder: string;
  readonly notes: Notes;
  readonly checker: Checker;
}

const worldly = new Set(['process', 'console']);
const worldlyModules = new Map([
  ['node:process', 'process'],
  ['process', 'process'],
  ['node:console', 'console'],
  ['console', 'console'],
]);

function specifierOf(node: Node): (Pick<Import, 'kind'> & { readonly text: string }) | null {
  if (isImportDeclaration(node) && isStringLiteral(node.moduleSpecifier)) {
    const isType = node.importClause?.phaseModifier === SyntaxKind.TypeKeyword;
    return { text: node.moduleSpecifier.text, kind: isType ? 'type' : 'value' };
  }
  if (isExportDeclaration(node) && node.moduleSpecifier && isStringLiteral(node.moduleSpecifier)) {
    return { text: node.moduleSpecifier.text, kind: node.isTypeOnly ? 'type' : 'value' };
  }
  if (isImportTypeNode(node) && isLiteralTypeNode(node.argument) && isStringLiteral(node.argument.literal)) {
    return { text: node.argument.literal.text, kind: 'type' };
  }
  if (!isCallExpression(node) || node.expression.kind !== SyntaxKind.ImportKeyword) return null;
  const [argument] = node.arguments;
  return argument && isStringLiteral(argument) ? { text: argument.text, kind: 'dynamic' } : null;
}

/** A name as an expression: neither the `b` of `a.b` nor a key, nor what is declared. */
function isUse(node: Node): boolean {
  const { parent } = node;
  if (isPropertyAccessExpression(parent) && parent.name === node) {
    return isIdentifier(parent.expression) && parent.expression.text === 'globalThis';
  }
  return !(isPropertyAssignment(parent) && parent.name === node) && !isMemberName(node);
}

const memberKinds: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.PropertySignature,
  SyntaxKind.MethodSignature,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.MethodDeclaration,
]);
const isMemberName = (node: Node): boolean => memberKinds.has(node.parent.kind);

function touchOf(node: Node): string | null {
  if (isIdentifier(node) && worldly.has(node.text) && isUse(node)) return node.text;
  if (isPropertyAccessExpression(node) && isIdentifier(node.expression)) {
    const name = `${node.expression.text}.${node.name.text}`;
    return name === 'Date.now' || name === 'Math.random' ? name : null;
  }
  const isClock =
    isNewExpression(node) &&
    isIdentifier(node.expression) &&
    node.expression.text === 'Date' &&
    (node.arguments ?? []).length === 0;
  return isClock ? 'Date.now' : null;
}

const comparisons: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.EqualsEqualsEqualsToken,
  SyntaxKind.ExclamationEqualsEqualsToken,
  SyntaxKind.EqualsEqualsToken,
  SyntaxKind.ExclamationEqualsToken,
]);

/** What a text is compared with. */
function otherSide(text: Expression): Expression | null {
  const { parent } = text;
  if (isBinaryExpression(parent) && comparisons.has(parent.operatorToken.kind)) {
    return parent.left === text ? parent.right : parent.left;
  }
  const isCase = isCaseClause(parent) && parent.expression === text;
  const statement = parent.parent?.parent;
  return isCase && statement && isSwitchStatement(statement) ? statement.expression : null;
}

function membersOf(type: Type | undefined): readonly Type[] {
  if (!type) return [];
  return type.isUnionType() ? type.getTypes() : [type];
}

/** True where the text is one of several names that its place asks for; any text will do in other places. */
function isChoice(text: StringLiteral, checker: Checker): boolean {
  const other = otherSide(text);
  const type = other ? checker.getTypeAtLocation(other) : checker.getContextualType(text);
  return membersOf(type).some((member) => member.isStringLiteralType() && member.value === text.text);
}

function noteNode({ notes, checker }: Reading, node: Node, place: Place): void {
  const specifier = specifierOf(node);
  if (specifier) {
    const isPath = specifier.text.startsWith('.');
    const target = isPath ? relative('.', join(dirname(place.file), specifier.text)) : null;
    notes.imports.push({ ...place, specifier: specifier.text, target, kind: specifier.kind });
    const world = worldlyModules.get(specifier.text);
    if (world) notes.touches.push({ ...place, name: world });
  }
  const name = touchOf(node);
  if (name) notes.touches.push({ ...place, name });
  if (isStringLiteral(node) && dialectNames.includes(node.text) && !isLiteralTypeNode(node.parent)) {
    if (isChoice(node, checker)) notes.names.push({ ...place, name: node.text });
  }
}

function noteFile(reading: Reading, source: SourceFile): void {
  const file = relative(reading.folder, source.fileName);
  const visit = (node: Node): void => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    noteNode(reading, node, { file, line: line + 1 });
    node.forEachChild(visit);
  };
  source.forEachChild(visit);
}

/** Reads every file of a project's src/ that is not a test. */
export function readSource(root: string): Facts {
  const folder = join(root, 'src');
  const api = new API({ cwd: root });
  try {
    const snapshot = api.updateSnapshot({ openProjects: [join(root, 'tsconfig.json')] });
    const [project] = snapshot.getProjects();
    if (!project) throw new Error('tsconfig.json is no project');
    const names = project.program
      .getSourceFileNames()
      .filter((name) => name.startsWith(`${folder}/`) && !name.endsWith('.test.ts'));
    const notes: Notes = { imports: [], touches: [], names: [] };
    for (const name of names) {
      const source = project.program.getSourceFile(name);
      if (source) noteFile({ folder, notes, checker: project.checker }, source);
    }
    return { files: names.map((name) => relative(folder, name)), ...notes };
  } finally {
    api.close();
  }
}
