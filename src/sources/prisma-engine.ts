// Prisma's schema engine, as WebAssembly, from the project that uses Prisma.
// In: the files of a schema. Out: its SQL, or what the engine has against it. Must not know what the SQL is for.
// The engine wants a driver; the one here is connected to nothing and answers the one question asked at the start.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SurefootError } from '../kernel/errors.ts';
import { errorCode } from '../kernel/import-package.ts';

const packageName = '@prisma/schema-engine-wasm';
const panicRegistry = 'PRISMA_WASM_PANIC_REGISTRY';

/** One file of a schema. */
export interface PrismaFile {
  readonly path: string;
  readonly content: string;
}

const providers = ['sqlite', 'postgres'] as const;

/** The databases for which the engine writes SQL; that for MySQL is left out of the package. */
export type EngineProvider = (typeof providers)[number];

/** The name of a family, if the engine writes its SQL. */
export const writesFor = (name: string): EngineProvider | undefined =>
  providers.find((provider) => provider === name);

/** Prisma's engine of one project. */
export interface PrismaEngine {
  /** The major version of Prisma that it is of. */
  readonly major: number;
  /** The SQL that makes the schema in an empty database. What the engine has against it is thrown. */
  script(provider: EngineProvider, files: readonly PrismaFile[]): Promise<string>;
  /** Throws what the engine has against the schema, whatever database it is for. */
  validate(files: readonly PrismaFile[]): Promise<void>;
}

interface Session {
  diff(input: object): Promise<{ readonly stdout: string | null }>;
  introspect(input: object): Promise<unknown>;
}

/** What the package exports, as far as it is used. */
interface EngineModule {
  readonly SchemaEngine: {
    readonly new: (options: object, log: () => void, factory: object) => Promise<Session>;
  };
  readonly __wbg_set_wasm: (exports: object) => void;
}

/** What every runtime has, and Node's types leave out. */
interface Runtime {
  readonly WebAssembly: {
    instantiate(
      bytes: Uint8Array,
      imports: Readonly<Record<string, object>>,
    ): Promise<{ readonly instance: { readonly exports: Readonly<Record<string, unknown>> } }>;
  };
}

interface Answer {
  readonly ok: true;
  readonly value: unknown;
  map(change: (value: unknown) => unknown): Answer;
  flatMap(change: (value: unknown) => Answer): Answer;
}

const answer = (value: unknown): Answer => ({
  ok: true,
  value,
  map: (change) => answer(change(value)),
  flatMap: (change) => change(value),
});

const unanswered = async () => ({ ok: false, error: { kind: 'GenericJs', id: 0 } });

/** Types of columns as the engine counts them: a boolean, a text, a whole number. */
const greeting = answer({
  columnNames: ['exists', 'version', 'numeric_version'],
  columnTypes: [5, 7, 0],
  rows: [[true, 'PostgreSQL', 180000]],
});

function driverOf(provider: EngineProvider) {
  const identity = { provider, adapterName: 'surefoot' };
  const connection = answer({
    ...identity,
    queryRaw: async ({ sql }: { readonly sql: string }) =>
      sql.includes('server_version_num') ? greeting : unanswered(),
    executeRaw: unanswered,
    executeScript: unanswered,
    startTransaction: unanswered,
    getConnectionInfo: () => answer({ supportsRelationJoins: false }),
    dispose: unanswered,
  });
  const connect = async () => connection;
  return { ...identity, connect, connectToShadowDb: connect };
}

/** Where the package stands for a file of the project. */
function locate(schemaFile: string): string {
  try {
    return createRequire(schemaFile).resolve(`${packageName}/schema_engine_bg`);
  } catch (cause) {
    if (errorCode(cause) !== 'MODULE_NOT_FOUND') throw cause;
    throw new SurefootError('driver/missing', `the package "${packageName}" is not installed`, {
      details: { package: packageName },
      hint: `It is Prisma's own engine without its native program, and reads the schema. npm install --save-dev ${packageName}`,
      cause,
    });
  }
}

async function loadModule(file: string): Promise<EngineModule> {
  const glue: EngineModule = await import(pathToFileURL(file).href);
  const bytes = await readFile(join(dirname(file), 'schema_engine_bg.wasm'));
  const { WebAssembly } = globalThis as unknown as Runtime;
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  const start = instance.exports['__wbindgen_start'];
  if (typeof start === 'function') start();
  return glue;
}

async function majorOf(file: string): Promise<number> {
  const { version } = JSON.parse(await readFile(join(dirname(file), 'package.json'), 'utf8'));
  return Number.parseInt(String(version), 10);
}

const noFilter = { externalTables: [], externalEnums: [] };

async function openEngine(file: string): Promise<PrismaEngine> {
  const registry = { set_message: () => undefined };
  if (!Reflect.has(globalThis, panicRegistry)) Reflect.set(globalThis, panicRegistry, registry);
  const { SchemaEngine } = await loadModule(file);
  const open = (provider: EngineProvider) => SchemaEngine.new({}, () => undefined, driverOf(provider));
  return {
    major: await majorOf(file),
    script: async (provider, files) => {
      const to = { tag: 'schemaDatamodel', files };
      const request = { from: { tag: 'empty' }, to, script: true, exitCode: null, filters: noFilter };
      return (await (await open(provider)).diff(request)).stdout ?? '';
    },
    validate: async (files) => {
      const place = { baseDirectoryPath: '/', force: false, compositeTypeDepth: 0, namespaces: null };
      try {
        await (await open(providers[0])).introspect({ schema: { files }, ...place });
      } catch (cause) {
        // The schema is judged first; then the engine asks for a database, and there is none.
        if (isPrismaRefusal(cause)) throw cause;
      }
    },
  };
}

/** True for what Prisma's engine says of a schema, which has a code of Prisma's own. */
export const isPrismaRefusal = (cause: unknown): boolean => errorCode(cause)?.startsWith('P1') === true;

/** The package keeps its instance in the module: one for all who read. */
const engines = new Map<string, Promise<PrismaEngine>>();

/** The engine that a file of the project reaches; refused where there is none. */
export function prismaEngine(schemaFile: string): Promise<PrismaEngine> {
  const file = locate(schemaFile);
  const engine = engines.get(file) ?? openEngine(file);
  engines.set(file, engine);
  return engine;
}
