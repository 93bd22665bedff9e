// In: nothing. Out: the layers of src/, as data: the one record that the architecture test and ARCHITECTURE.md follow.
// Must not know: how imports are found.

/** The one file outside src/ that code imports. */
export const manifestFile = '../package.json';

export interface Layer {
  /** Folders of src/, from the inside out. */
  readonly folders: readonly string[];
  readonly purpose: string;
  /** True: its folders do not know each other. */
  readonly apart?: boolean;
}

export interface Ring {
  readonly name: string;
  readonly layers: readonly Layer[];
}

/** Six rings from the inside out. A folder imports from the folders before it, and from no others. */
export const rings: readonly Ring[] = [
  {
    name: 'model',
    layers: [
      {
        folders: ['kernel'],
        purpose: 'errors, invariant, hash, toposort, SQL text, loading of modules: knows no database',
      },
      {
        folders: ['schema'],
        purpose: 'the schema model as readonly JSON, references by name, column builders, naming',
      },
      {
        folders: ['operations'],
        purpose:
          'the union, and one file per kind: what it does to a schema, its inverse, its words, its effects',
      },
    ],
  },
  {
    name: 'knowledge',
    layers: [
      {
        folders: ['dialect'],
        purpose: 'the contract of a database family and the facts about a server; interfaces only',
      },
      {
        folders: ['dialects/postgres', 'dialects/mysql', 'dialects/sqlite'],
        purpose: 'everything that one family knows; MariaDB is a flavor inside `mysql`',
        apart: true,
      },
      {
        folders: ['sources', 'drivers'],
        purpose: 'one foreign library per file: models → Schema, a driver → Connection',
        apart: true,
      },
    ],
  },
  {
    name: 'decision',
    layers: [
      { folders: ['diff'], purpose: 'two schemas → what differs, and the operations between them' },
      { folders: ['scratch'], purpose: 'throw-away databases of the same dialect' },
      {
        folders: ['revisions'],
        purpose: 'the graph, identifiers, files: knows files, not databases',
      },
      {
        folders: ['plan'],
        purpose: 'revisions × dialect × live schema → steps; the standing of every operation',
      },
    ],
  },
  {
    name: 'action',
    layers: [
      {
        folders: ['lock', 'backup'],
        purpose: 'one runner at a time; native dump and restore',
      },
      { folders: ['journal'], purpose: 'what was run, entry by entry; `recover` is a pure function' },
      { folders: ['runner'], purpose: 'the only writer: takes a plan and nothing else' },
    ],
  },
  {
    name: 'judgement',
    layers: [
      {
        folders: ['lint', 'check', 'repair', 'autogenerate', 'rehearsal', 'report', 'takeover', 'fleet'],
        purpose: 'what is judged, proposed and shown',
      },
    ],
  },
  {
    name: 'shell',
    layers: [
      { folders: ['config'], purpose: 'names → objects: the only place where a dialect is chosen' },
      { folders: ['library'], purpose: 'the same as the command line, from code' },
      { folders: ['studio'], purpose: 'the live report' },
      { folders: ['cli'], purpose: 'arguments, colours, exit codes; the only folder that knows the process' },
    ],
  },
];

/** Files of src/ itself: the public entries. They hand on what the folders have, but for the command line. */
export const entryFolder = '.';

const layers = rings.flatMap((ring) => ring.layers);
const order = layers.flatMap(({ folders }) => folders);

/** The folder of a file, by its path below src/; `null`: in no layer. */
export function folderOf(file: string): string | null {
  if (!file.includes('/')) return entryFolder;
  return order.find((folder) => file.startsWith(`${folder}/`)) ?? null;
}

/** True where files of a folder may import from another. */
export function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  if (from === entryFolder) return to !== 'cli' && to !== 'studio';
  if (to === entryFolder) return false;
  const layer = layers.find(({ folders }) => folders.includes(from));
  if (layer?.apart && layer.folders.includes(to)) return false;
  return order.indexOf(to) < order.indexOf(from);
}

/** What only some places may touch: the process, the clock, chance. */
export interface Home {
  readonly name: string;
  readonly isHome: (file: string) => boolean;
}

export const homes: readonly Home[] = [
  {
    name: 'process',
    // The second one is a program of its own.
    isHome: (file) => file.startsWith('cli/') || file === 'drivers/sqlite-apart-process.ts',
  },
  { name: 'console', isHome: (file) => file.startsWith('cli/') },
  { name: 'Date.now', isHome: (file) => file === 'kernel/clock.ts' },
  { name: 'Math.random', isHome: () => false },
];

/** Names of families and flavors as values: nobody else decides by them. */
export const dialectNames: readonly string[] = ['postgres', 'mysql', 'mariadb', 'sqlite'];
export const mayNameDialects = (file: string): boolean =>
  // A rule of lint says as data which families it is about.
  file.startsWith('dialects/') ||
  file.startsWith('config/') ||
  file.startsWith('lint/rules/') ||
  // The files of another tool ask for databases by name.
  file.startsWith('takeover/');

/** The table of ARCHITECTURE.md. */
export function layerTable(): string {
  const rows = rings.flatMap(({ name, layers: own }) =>
    own.map(({ folders, purpose }, index) => {
      const names = folders.map((folder) => `\`${folder}\``).join(', ');
      return `| ${index === 0 ? name : ''} | ${names} | ${purpose} |`;
    }),
  );
  return ['| ring | folder | lives there |', '| --- | --- | --- |', ...rows].join('\n');
}

const marks = { start: '<!-- layers -->', end: '<!-- /layers -->' } as const;

/** A document with the table between its marks brought up to date. */
export function withLayerTable(document: string): string {
  const [start, end] = [document.indexOf(marks.start), document.indexOf(marks.end)];
  if (start < 0 || end < start) throw new Error(`the document lacks ${marks.start} … ${marks.end}`);
  return `${document.slice(0, start)}${marks.start}\n\n${layerTable()}\n\n${document.slice(end)}`;
}
