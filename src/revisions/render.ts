// The text of a new revision file. In: a header and a body. Out: text. Must not know folders or graphs.

import { openLexer } from './js-lexer.ts';
import type { RevisionHeader } from './revision.ts';

/** What a new revision says of itself; what is left out is empty. */
export type NewHeader = Pick<RevisionHeader, 'id' | 'revises' | 'message' | 'createdAt'> &
  Partial<
    Pick<RevisionHeader, 'branchLabels' | 'dependsOn' | 'safety' | 'replaces' | 'importedAs' | 'transaction'>
  >;

/** Code of a new revision in TypeScript, without indentation. */
export interface ModuleBody {
  /** Statements on `op`; '': none. */
  readonly upgrade: string;
  /** Statements, `'auto'`, or why there is none. */
  readonly downgrade: string | 'auto' | { readonly irreversible: string };
  /** The second half; absent: it is not phased. */
  readonly contract?: Pick<ModuleBody, 'upgrade' | 'downgrade'>;
  /** Names to import from the package besides `revision`. */
  readonly imports?: readonly string[];
  /** Further lines behind the import, such as helpers. */
  readonly preamble?: string;
  /** Names used of the functions' second parameter: `dialect`, `flavor`. */
  readonly context?: readonly ('dialect' | 'flavor')[];
}

/** A section of a new revision in SQL. */
export interface SqlBodySection {
  readonly kind: 'upgrade' | 'downgrade' | 'effect';
  /** Empty: all servers that have no section of their own. */
  readonly servers?: readonly string[];
  readonly text: string;
}
export interface SqlBody {
  readonly sections: readonly SqlBodySection[];
  readonly irreversible?: string;
}

/** Characters that would break a line, vanish, turn the line around, or not survive as UTF-8. */
const controls = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/gu;
const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);
const unicodeEscape = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The text with escapes for what no literal of TypeScript can show; `kept`: characters that stay as they are. */
export function escapeControls(text: string, kept = ''): string {
  return text
    .replaceAll('\\', '\\\\')
    .replace(controls, (char) =>
      kept.includes(char) ? char : (shortEscapes.get(char) ?? unicodeEscape(char)),
    );
}

const count = (text: string, part: string): number => text.split(part).length - 1;

/** A string literal of TypeScript, on one line, in the quotes that need fewer escapes. */
export function stringLiteral(value: string): string {
  const quote = count(value, "'") > count(value, '"') ? '"' : "'";
  return `${quote}${escapeControls(value).replaceAll(quote, `\\${quote}`)}${quote}`;
}

const listLiteral = (values: readonly string[]) => `[${values.map(stringLiteral).join(', ')}]`;

function parentsLiteral(revises: readonly string[]): string {
  const [parent] = revises;
  if (parent === undefined) return 'null';
  return revises.length === 1 ? stringLiteral(parent) : listLiteral(revises);
}

function headerLines(header: NewHeader): readonly string[] {
  const { branchLabels = [], dependsOn = [], replaces = [], safety = false, importedAs } = header;
  return [
    `id: ${stringLiteral(header.id)},`,
    `revises: ${parentsLiteral(header.revises)},`,
    `message: ${stringLiteral(header.message)},`,
    ...(header.createdAt === null ? [] : [`createdAt: ${stringLiteral(header.createdAt)},`]),
    ...(branchLabels.length === 0 ? [] : [`branchLabels: ${listLiteral(branchLabels)},`]),
    ...(dependsOn.length === 0 ? [] : [`dependsOn: ${listLiteral(dependsOn)},`]),
    ...(replaces.length === 0 ? [] : [`replaces: ${listLiteral(replaces)},`]),
    ...(safety ? ['safety: true,'] : []),
    ...(importedAs === undefined ? [] : [`importedAs: ${stringLiteral(importedAs)},`]),
  ];
}

/** The numbers of the lines that begin inside a literal: text of templates. */
function linesInLiterals(code: string): ReadonlySet<number> {
  const inside = new Set<number>();
  const lexer = openLexer(code);
  let line = 0;
  let offset = 0;
  for (let token = lexer.next(); token; token = lexer.next()) {
    line += code.slice(offset, token.start).split('\n').length - 1;
    offset = token.start + token.text.length;
    const breaks = token.text.split('\n').length - 1;
    for (let i = 1; i <= breaks; i++) inside.add(line + i);
    line += breaks;
  }
  return inside;
}

/** Lines moved to the right; the insides of templates stay where they are. */
export function indented(code: string, margin: string): string {
  const inside = code.includes('`') ? linesInLiterals(code) : new Set<number>();
  const moved = (line: string) => (line.trim() === '' ? '' : margin + line);
  return code
    .split('\n')
    .map((line, i) => (inside.has(i) ? line : moved(line)))
    .join('\n');
}

function functionText(name: string, code: string, body: ModuleBody): string {
  const context = body.context?.length ? `, { ${body.context.join(', ')} }` : '';
  if (code.trim() === '') return `  ${name}(op${context}) {},`;
  return `  ${name}(op${context}) {\n${indented(code.trimEnd(), '    ')}\n  },`;
}

function downgradeText(body: ModuleBody): string {
  const { downgrade } = body;
  if (downgrade === 'auto') return "  downgrade: 'auto',";
  if (typeof downgrade === 'string') return functionText('downgrade', downgrade, body);
  return `  downgrade: irreversible(${stringLiteral(downgrade.irreversible)}),`;
}

/** The second half, in the same words, further to the right. */
function contractLines({ contract }: ModuleBody): readonly string[] {
  if (!contract) return [];
  const inside = [functionText('upgrade', contract.upgrade, contract), downgradeText(contract)].join('\n');
  return ['', '  contract: {', indented(inside, '  '), '  },'];
}

/** A revision file in TypeScript. */
export function renderModule(header: NewHeader, body: ModuleBody): string {
  const isIrreversible = [body, body.contract].some((half) => typeof half?.downgrade === 'object');
  const needed = isIrreversible ? ['irreversible', 'revision'] : ['revision'];
  const names = [...new Set([...needed, ...(body.imports ?? [])])].sort();
  return [
    `import { ${names.join(', ')} } from 'surefoot';`,
    '',
    ...(body.preamble === undefined ? [] : [body.preamble.trimEnd(), '']),
    'export default revision({',
    ...headerLines(header).map((line) => `  ${line}`),
    '',
    functionText('upgrade', body.upgrade, body),
    '',
    downgradeText(body),
    ...contractLines(body),
    '});',
    '',
  ].join('\n');
}

/** A header value on one line: as it is where that reads back the same, else as JSON. */
function headerText(value: string): string {
  const isPlain =
    value !== '' && value === value.trim() && !value.startsWith('"') && value.search(controls) < 0;
  return isPlain ? value : JSON.stringify(value).replace(controls, unicodeEscape);
}

function sqlHeaderLines(header: NewHeader, body: SqlBody): readonly string[] {
  const { branchLabels = [], dependsOn = [], replaces = [], safety = false, importedAs } = header;
  return [
    `-- id: ${header.id}`,
    `-- revises:${header.revises.length > 0 ? ` ${header.revises.join(', ')}` : ''}`,
    `-- message: ${headerText(header.message)}`,
    ...(header.createdAt === null ? [] : [`-- created: ${header.createdAt}`]),
    ...(branchLabels.length === 0 ? [] : [`-- branch-labels: ${branchLabels.join(', ')}`]),
    ...(dependsOn.length === 0 ? [] : [`-- depends-on: ${dependsOn.join(', ')}`]),
    ...(replaces.length === 0 ? [] : [`-- replaces: ${replaces.join(', ')}`]),
    ...(safety ? ['-- safety: true'] : []),
    ...(importedAs === undefined ? [] : [`-- imported-as: ${headerText(importedAs)}`]),
    ...(header.transaction === 'none' ? ['-- transaction: none'] : []),
    ...(body.irreversible === undefined ? [] : [`-- irreversible: ${headerText(body.irreversible)}`]),
  ];
}

function sectionText({ kind, servers = [], text }: SqlBodySection): string {
  const list = servers.length === 0 ? '' : ` [${servers.join(', ')}]`;
  const body = text.trim();
  return `\n-- ${kind}${list}\n${body === '' ? '' : `${body}\n`}`;
}

/** A revision file in SQL. */
export function renderSql(header: NewHeader, body: SqlBody): string {
  return `${sqlHeaderLines(header, body).join('\n')}\n${body.sections.map(sectionText).join('')}`;
}
