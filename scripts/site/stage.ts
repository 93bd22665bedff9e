// In: pages and the table of contents. Out: a folder that the generator builds the site from.
// Must not know: where it is served.

import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { contents, type Entry, type Group } from './contents.ts';
import { placeOf, siteAssets, sitePages } from './pages.ts';

interface SidebarItem {
  readonly text: string;
  readonly link?: string;
  readonly items?: readonly SidebarItem[];
  readonly collapsed?: boolean;
}

function linkOf(target: string): string {
  const [file = '', anchor] = target.split('#');
  const place = (placeOf(`docs/${file}`) ?? file).replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '');
  return `/${place}${anchor === undefined ? '' : `#${anchor}`}`;
}

function sidebarItem(item: Entry | Group): SidebarItem {
  if ('target' in item) return { text: item.text, link: linkOf(item.target) };
  const items = item.items.map(sidebarItem);
  return item.isFolded ? { text: item.text, items, collapsed: true } : { text: item.text, items };
}

const top = [
  { text: 'Start', link: '/getting-started' },
  { text: 'Command line', link: '/cli' },
  { text: 'Operations', link: '/operations/' },
  { text: 'Rules', link: '/rules/' },
  { text: 'Errors', link: '/errors/' },
  { text: 'All pages', link: '/contents' },
];

/** Braces in code within a line are no template. */
const codeAsItStands = `
config.markdown.config = ({ renderer }) => {
  const { code_inline: render } = renderer.rules;
  renderer.rules.code_inline = (...given) => render(...given).replace('<code', '<code v-pre');
};
`;

/** What the generator is told. `base`: the path that the site is served under. */
function configOf(base: string): string {
  const config = {
    title: 'Surefoot',
    description: 'Schema migrations that land, whatever state the database is in.',
    base,
    cleanUrls: true,
    lastUpdated: false,
    markdown: { headers: { level: [2, 3] } },
    themeConfig: {
      nav: top,
      sidebar: contents().map(sidebarItem),
      outline: [2, 3],
      search: { provider: 'local' },
    },
  };
  return `const config = ${JSON.stringify(config, null, 2)};\n${codeAsItStands}\nexport default config;\n`;
}

const theme =
  "import DefaultTheme from 'vitepress/theme';\nimport './theme.css';\n\nexport default DefaultTheme;\n";

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** Fills an empty folder. */
export async function stage(folder: string, base: string): Promise<void> {
  for (const { place, text } of sitePages()) await write(join(folder, place), text);
  for (const { from, place } of siteAssets()) {
    await mkdir(dirname(join(folder, 'public', place)), { recursive: true });
    await copyFile(from, join(folder, 'public', place));
  }
  await write(join(folder, '.vitepress/config.mjs'), configOf(base));
  await write(join(folder, '.vitepress/theme/index.mjs'), theme);
  await copyFile(join(import.meta.dirname, 'theme.css'), join(folder, '.vitepress/theme/theme.css'));
}
