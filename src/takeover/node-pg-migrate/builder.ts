// What a migration of node-pg-migrate in JavaScript sends, as SQL: its own builder says it, and no database is asked.
// In: the project's copy of the library, a file. Out: SQL for both ways, or why there is none. Must not know revisions.

import { messageOf, SurefootError } from '../../kernel/errors.ts';
import { isRecord, loadLibrary, loadProgram } from '../programs/load.ts';

/** The builder, as far as it is used. */
interface Builder {
  enableReverseMode(): unknown;
  isUsingTransaction(): boolean;
  getSqlSteps(): readonly unknown[];
}
/** What makes one. */
export type BuilderClass = new (
  db: object,
  shorthands: Readonly<Record<string, unknown>> | undefined,
  decamelize: boolean,
  logger: object,
) => Builder;

/** SQL of one way. */
export type Way =
  | { readonly kind: 'sql'; readonly text: string; readonly transaction: boolean }
  | { readonly kind: 'none'; readonly reason: string };

/** What a program sends, both ways, and the short names that it knows. */
export interface BuiltProgram {
  readonly up: Way;
  readonly down: Way;
  /** Short names for types, which hold for the migrations behind it, too. */
  readonly shorthands: Readonly<Record<string, unknown>>;
}

const isBuilder = (value: unknown): value is BuilderClass =>
  typeof value === 'function' && 'enableReverseMode' in value.prototype;

/** The builder of the project's own library. */
export async function loadBuilder(folder: string): Promise<BuilderClass> {
  const library = await loadLibrary<Readonly<Record<string, unknown>>>(folder, 'node-pg-migrate');
  const inner = isRecord(library['default']) ? library['default'] : {};
  const found = library['MigrationBuilder'] ?? inner['MigrationBuilder'];
  if (isBuilder(found)) return found;
  // Older ones have it in a file of its own.
  const file = await loadLibrary<Readonly<Record<string, unknown>>>(
    folder,
    'node-pg-migrate/dist/migration-builder.js',
  );
  const own = isRecord(file['default']) ? file['default']['default'] : file['default'];
  if (isBuilder(own)) return own;
  throw new SurefootError('driver/missing', 'this version of node-pg-migrate has no builder', {
    details: { package: 'node-pg-migrate' },
    hint: 'Update node-pg-migrate in the project.',
  });
}

class AsksDatabase extends Error {}

/** A database that is not there: whoever asks it cannot be written down as SQL. */
const noDatabase = new Proxy(
  {},
  {
    get: (_, name) => () => {
      throw new AsksDatabase(
        `it asks the database (pgm.db.${String(name)}), and what comes of that is not known`,
      );
    },
  },
);

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function runAction(action: (...given: readonly unknown[]) => unknown, builder: Builder): Promise<void> {
  if (action.length < 2) {
    await action(builder);
    return;
  }
  await new Promise<void>((resolve, reject) => {
    action(builder, (error: unknown) => (error ? reject(error) : resolve()));
  });
}

async function wayOf(action: unknown, builder: Builder): Promise<Way> {
  if (typeof action !== 'function') return { kind: 'none', reason: 'it has no such function' };
  try {
    await runAction(action as (...given: readonly unknown[]) => unknown, builder);
    const text = builder.getSqlSteps().map(String).join('\n');
    return { kind: 'sql', text, transaction: builder.isUsingTransaction() };
  } catch (error) {
    return { kind: 'none', reason: messageOf(error).split('\n')[0] ?? '' };
  }
}

interface Exported {
  readonly up: unknown;
  /** `undefined`: what `up` does, backwards. `false`: there is no way back. */
  readonly down: unknown;
  readonly shorthands: Readonly<Record<string, unknown>>;
}

function exportedBy(module: Readonly<Record<string, unknown>>): Exported {
  const inner = isRecord(module['default']) ? module['default'] : {};
  const holder = 'up' in module ? module : inner;
  return {
    up: holder['up'],
    down: holder['down'],
    shorthands: isRecord(holder['shorthands']) ? holder['shorthands'] : {},
  };
}

/** What a program sends, both ways. */
export async function buildProgram(
  file: string,
  Class: BuilderClass,
  known: Readonly<Record<string, unknown>>,
): Promise<BuiltProgram> {
  const exported = await loadProgram(file).then(exportedBy, (error: unknown) => messageOf(error));
  if (typeof exported === 'string') {
    const way: Way = { kind: 'none', reason: exported.split('\n')[0] ?? '' };
    return { up: way, down: way, shorthands: known };
  }
  const shorthands = { ...known, ...exported.shorthands };
  const open = () => new Class(noDatabase, shorthands, false, silent);
  const { up: action, down: back } = exported;
  const up = await wayOf(action, open());
  if (back === false)
    return { up, down: { kind: 'none', reason: 'it says that it has no way back' }, shorthands };
  const builder = open();
  if (back === undefined || back === action) builder.enableReverseMode();
  return { up, down: await wayOf(back ?? action, builder), shorthands };
}
