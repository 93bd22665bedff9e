// What an operation's page shows, made by the code that the page describes.
// In: the page's example. Out: SQL for each server, what undoes it, the method's signature.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dialect } from '../../../src/dialect/dialect.ts';
import type { Segment, Statement } from '../../../src/dialect/statement.ts';
import { isSurefootError } from '../../../src/kernel/errors.ts';
import { completeAndApply, describe, invertAll } from '../../../src/operations/apply.ts';
import { handlers } from '../../../src/operations/handlers.ts';
import type { Operation } from '../../../src/operations/operation.ts';
import type { LoadedRevision } from '../../../src/revisions/load.ts';
import { loadRevision } from '../../../src/revisions/load.ts';
import { readHeader } from '../../../src/revisions/scan.ts';
import { closeDraft, openDraft } from '../../../src/schema/draft.ts';
import { defaultNaming } from '../../../src/schema/naming.ts';
import { emptySchema } from '../../../src/schema/schema.ts';
import { dialects } from './dialects.ts';
import type { Page } from './markdown.ts';
import { root } from './markdown.ts';
import type { TempProject } from './temp-project.ts';

export const kinds: readonly string[] = Object.keys(handlers);
export const kebab = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The text of a snippet of the page by its word. */
export function snippetOf(page: Page, word: string): string {
  return page.snippets.find(({ words }) => words.includes(word))?.text ?? '';
}

const indent = (text: string) => text.replaceAll(/^(?=.)/gm, '    ');

/** Lines of `upgrade(op)` as a revision. */
export function wrap(text: string, head: { readonly id: string; readonly revises: string | null }): string {
  const names = ['irreversible', 'revision', 'sql', 't'].filter(
    (name) => name === 'revision' || new RegExp(`\\b${name}\\b`).test(text),
  );
  const context = /\b(dialect|flavor)\b/.test(text) ? ', { dialect, flavor }' : '';
  const used = context === '' ? '' : '    void [dialect, flavor];\n';
  const lines = [
    `import { ${names.join(', ')} } from 'surefoot';`,
    '',
    'export default revision({',
    `  id: '${head.id}',`,
    `  revises: ${head.revises === null ? 'null' : `'${head.revises}'`},`,
    `  message: '${head.id}',`,
    `  upgrade(op${context}) {`,
    `${used}${indent(text.trimEnd())}`,
    '  },',
    "  downgrade: 'auto',",
    '});',
    '',
  ];
  return lines.join('\n');
}

/** The two revisions of an operation's page, in the folder of its own. */
export interface Example {
  readonly folder: string;
  readonly before: string;
  readonly example: string;
}

export function writeExample(page: Page, kind: string, project: TempProject): Example {
  const folder = `operations/${kebab(kind)}`;
  const example: Example = {
    folder,
    before: wrap(snippetOf(page, 'before'), { id: 'before', revises: null }),
    example: wrap(snippetOf(page, 'example'), { id: 'example', revises: 'before' }),
  };
  project.write(`${folder}/before.ts`, example.before);
  project.write(`${folder}/example.ts`, example.example);
  return example;
}

async function load(project: TempProject, file: string, dialect: Dialect): Promise<LoadedRevision> {
  const path = join(project.folder, file);
  const header = readHeader(readFileSync(path, 'utf8'), path);
  if (header === null) throw new Error(`${file} is no revision`);
  const target = { dialect: dialect.name, flavor: dialect.traits.flavor, syntax: dialect.syntax };
  return await loadRevision(header, target);
}

interface Compiled {
  readonly operations: readonly Operation[];
  readonly segments: readonly Segment[];
}

async function compileExample(project: TempProject, folder: string, dialect: Dialect): Promise<Compiled> {
  const draft = openDraft(emptySchema);
  completeAndApply((await load(project, `${folder}/before.ts`, dialect)).upgrade, draft);
  const before = closeDraft(draft);
  const example = await load(project, `${folder}/example.ts`, dialect);
  const operations = completeAndApply(example.upgrade, draft);
  const naming = defaultNaming(dialect.traits.maxIdentifier);
  // A precondition is the plan's own question: no dialect is asked for it.
  const compiled = operations.filter(({ kind }) => kind !== 'assert');
  return { operations, segments: dialect.compile({ operations: compiled, before, naming }) };
}

const modes: Readonly<Record<Segment['mode'], string>> = {
  transaction: '',
  autocommit: '-- outside a transaction\n',
  batches: '-- in batches, each in a transaction of its own\n',
  rebuild: '-- a rebuild: foreign keys are off around the transaction and checked before COMMIT\n',
};

function statementText({ sql, parameters, hazards, kind }: Statement): string {
  const values =
    parameters.length === 0 ? '' : `\n-- values: ${parameters.map((one) => JSON.stringify(one)).join(', ')}`;
  const notes = hazards.map(({ code, message }) => `\n-- hazard ${code}: ${message}`).join('');
  if (kind === 'code') return `-- the function of the revision runs here${notes}`;
  return `${sql.trim().replace(/;+$/, '')};${values}${notes}`;
}

function segmentsText(segments: readonly Segment[]): string {
  if (segments.length === 0) return '-- nothing is sent';
  return segments
    .map(({ mode, statements }) => modes[mode] + statements.map(statementText).join('\n'))
    .join('\n');
}

async function sqlFor(project: TempProject, folder: string, dialect: Dialect): Promise<string> {
  try {
    const { segments } = await compileExample(project, folder, dialect);
    return `\`\`\`sql ${dialect.traits.flavor}\n${segmentsText(segments)}\n\`\`\``;
  } catch (error) {
    if (!isSurefootError(error)) throw error;
    const area = error.code.split('/').join('/');
    return `Refused with [\`${error.code}\`](../errors/${area}.md): ${error.message.replace(/\.?$/, '.')} ${error.hint}`;
  }
}

/** The SQL of the example on every server, as Markdown. Servers that say the same share a heading. */
export async function sqlSection(project: TempProject, folder: string): Promise<string> {
  const texts: { titles: string[]; text: string }[] = [];
  for (const { title, dialect } of dialects) {
    const text = await sqlFor(project, folder, dialect);
    const plain = (one: string) => one.replace(/^```sql \w+/, '```sql');
    const same = texts.find((one) => plain(one.text) === plain(text));
    if (same) same.titles.push(title);
    else texts.push({ titles: [title], text });
  }
  return texts.map(({ titles, text }) => `${titles.join(', ')}:\n\n${text}`).join('\n\n');
}

/** What undoes the example, in words; `null`: nothing does. */
export async function undoSection(project: TempProject, folder: string): Promise<string> {
  const dialect = dialects[0]?.dialect;
  if (dialect === undefined) throw new Error('there is no dialect');
  const { operations } = await compileExample(project, folder, dialect);
  const inverse = invertAll(operations);
  if (inverse === null) return 'Of the example: nothing undoes it.';
  if (inverse.length === 0) return 'Of the example: there is nothing to undo.';
  return `Of the example:\n\n${inverse.map((one) => `- ${describe(one)}`).join('\n')}`;
}

/** The methods of the builder, as the source declares them. */
export function signatures(methods: readonly string[]): string {
  const source = readFileSync(join(root, 'src/revisions/operation-builder.ts'), 'utf8');
  const found = methods.map((method) => {
    const match = new RegExp(`^  (${method}\\([\\s\\S]*?\\): void;)$`, 'm').exec(source);
    if (!match) throw new Error(`there is no method ${method}`);
    return `op.${(match[1] ?? '').replaceAll(/\n {2}/g, '\n')}`;
  });
  return `\`\`\`ts signature\n${found.join('\n')}\n\`\`\``;
}
