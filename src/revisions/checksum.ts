// The checksum of a revision's text: what tells that a file was edited.
// In: a file. Out: SHA-256 over its text and that of its relative imports. Must not know what the text does.

import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { hashJson, hashText } from '../kernel/hash.ts';
import type { JsToken } from './js-lexer.ts';
import { openLexer, stringValue } from './js-lexer.ts';
import { plainText, readRevisionText } from './scan.ts';

const isModule = (file: string) => /\.[mc]?[jt]sx?$/.test(file);
/** What a specifier may leave out. */
const endings = ['.ts', '.mts', '.js', '.mjs', '/index.ts', '/index.js'];

/** True where the string belongs to `import type … from` or `export type … from`, which leave nothing at run time. */
function isTypeImport(statement: readonly JsToken[]): boolean {
  const [first, second, third] = statement;
  const declares = first?.text === 'import' || first?.text === 'export';
  return declares && second?.text === 'type' && third?.text !== 'from' && third?.text !== ',';
}

/** Relative specifiers of a module: of imports, re-exports, `import()`, `require()` and `new URL()`. */
export function relativeImports(text: string): readonly string[] {
  return mayImport(text) ? findImports(text) : [];
}

/** Without these characters, or an escape that may stand for them, there can be none. */
const mayImport = (text: string): boolean => text.includes('./') || text.includes('\\');

function findImports(text: string): readonly string[] {
  const found = new Set<string>();
  const lexer = openLexer(text);
  let statement: JsToken[] = [];
  let before: readonly [string, string] = ['', ''];
  for (let token = lexer.next(); token; token = lexer.next()) {
    if (token.text === 'import' || token.text === 'export' || token.text === ';') statement = [];
    if (statement.length < 3) statement.push(token);
    const loads =
      before[1] === 'from' || before[1] === 'import' || /^(?:import|require|URL)\($/.test(before.join(''));
    if (loads && (token.kind === 'string' || token.kind === 'template')) {
      const specifier = stringValue(token);
      if (/^\.\.?\//.test(specifier) && !isTypeImport(statement)) found.add(specifier);
    }
    before = [before[1], token.text];
  }
  return [...found];
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  });
  return found?.isFile() ?? false;
}

/** The file behind a specifier; `null`: there is none, which loading the revision will tell. */
async function findImport(importer: string, specifier: string): Promise<string | null> {
  const path = resolve(dirname(importer), specifier.replace(/[?#].*$/, ''));
  // TypeScript lets `./x.js` stand for `./x.ts`.
  const written = [path, path.replace(/\.(m?)js$/, '.$1ts')];
  for (const candidate of [...written, ...endings.map((ending) => path + ending)]) {
    if (await isFile(candidate)) return candidate;
  }
  return null;
}

/** The texts of a file's relative imports and of theirs, by path relative to the file's folder. */
async function importedTexts(file: string, text: string): Promise<ReadonlyMap<string, string>> {
  const start = resolve(file);
  const folder = dirname(start);
  const texts = new Map<string, string>();
  const seen = new Set([start]);
  const queue: { file: string; text: string }[] = [{ file: start, text }];
  for (const importer of queue) {
    for (const specifier of isModule(importer.file) ? relativeImports(importer.text) : []) {
      const found = await findImport(importer.file, specifier);
      if (found === null || seen.has(found)) continue;
      seen.add(found);
      const imported = plainText(await readFile(found, 'utf8'));
      texts.set(relative(folder, found).replaceAll('\\', '/'), imported);
      queue.push({ file: found, text: imported });
    }
  }
  return texts;
}

/** SHA-256 of a revision's text, with LF and without byte order mark (read, unless it is given), and of what it imports by relative paths. */
export async function textChecksum(file: string, text = readRevisionText(file)): Promise<string> {
  const imports = await importedTexts(join(file), text);
  return imports.size === 0 ? hashText(text) : hashJson({ text, imports: Object.fromEntries(imports) });
}
