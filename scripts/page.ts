// In: src/report/page; `--check`. Out: src/report/page-bundle.ts, the page's script and style as one module.
// Must not know: what a report holds.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const target = join(root, 'src/report/page-bundle.ts');

const notice = '/* Lays out with @dagrejs/dagre, MIT, Copyright (c) 2012-2014 Chris Pettitt. */';

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src/report/page', entry)],
    bundle: true,
    minify: true,
    write: false,
    charset: 'ascii',
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    tsconfig: join(root, 'src/report/page/tsconfig.json'),
  });
  return (outputFiles[0]?.text ?? '').trimEnd();
}

/** What the module is to hold. */
export async function pageBundle(): Promise<string> {
  const [script, style] = await Promise.all([bundled('main.ts'), bundled('style.css')]);
  // Neither can end the element that it stands in.
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style))
    throw new Error('the page holds what would end its own element');
  return [
    '// Made by `npm run page` from src/report/page: do not edit.',
    '',
    `export const pageScript = ${JSON.stringify(`${notice}${script}`)};`,
    `export const pageStyle = ${JSON.stringify(style)};`,
    '',
  ].join('\n');
}

if (import.meta.main) {
  const made = await pageBundle();
  const isCurrent = (await readFile(target, 'utf8').catch(() => '')) === made;
  if (process.argv.includes('--check')) process.exitCode = isCurrent ? 0 : 1;
  else if (!isCurrent) await writeFile(target, made);
  console.log(`${target}: ${(made.length / 1000).toFixed(0)} kB${isCurrent ? ', as it was' : ''}`);
}
