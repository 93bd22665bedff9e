// In: names as people and DIALECTS spell them.
// Out: the engines, the environment variables that replace them, the engines selected for this run.
// Must not know: how any of them is fetched or started.

export const serverEngines = ['postgres14', 'postgres18', 'mariadb', 'mysql9'] as const;
export const extraEngines = ['pgbouncer', 'redis'] as const;
export const embeddedEngines = ['sqlite', 'pglite'] as const;
export const engines = [...embeddedEngines, ...serverEngines] as const;

/** Started as a process of its own. */
export type ServerEngine = (typeof serverEngines)[number] | (typeof extraEngines)[number];
/** Runs inside the process that uses it. */
export type EmbeddedEngine = (typeof embeddedEngines)[number];
/** What the tests run on. */
export type Engine = (typeof engines)[number];

const aliases: Readonly<Record<string, readonly Engine[]>> = {
  postgres: ['postgres14', 'postgres18'],
  mysql: ['mysql9'],
};

/** The variable that puts a server of your own in the place of one of ours; the first name that is set wins. */
const overrides: Readonly<Record<ServerEngine, readonly [string, ...string[]]>> = {
  postgres14: ['SUREFOOT_TEST_POSTGRES14_URL'],
  postgres18: ['SUREFOOT_TEST_POSTGRES18_URL', 'SUREFOOT_TEST_POSTGRES_URL'],
  mariadb: ['SUREFOOT_TEST_MARIADB_URL'],
  mysql9: ['SUREFOOT_TEST_MYSQL_URL'],
  pgbouncer: ['SUREFOOT_TEST_PGBOUNCER_URL'],
  redis: ['SUREFOOT_TEST_REDIS_URL'],
};

export const overrideVariable = (engine: ServerEngine): string => overrides[engine][0];

export function overrideUrl(engine: ServerEngine): string | undefined {
  return overrides[engine].map((name) => process.env[name]).find((url) => url !== undefined && url !== '');
}

const isOneOf = <T extends string>(names: readonly T[], name: string): name is T =>
  (names as readonly string[]).includes(name);

export const isServerEngine = <E extends string>(engine: E): engine is E & ServerEngine =>
  isOneOf<ServerEngine>(serverEngines, engine) || isOneOf<ServerEngine>(extraEngines, engine);

/** Engines by name, `postgres` meaning both versions. An unknown name is an error, never an empty run. */
export function parseEngines(names: readonly string[]): readonly (Engine | ServerEngine)[] {
  const found = names.flatMap((name): readonly (Engine | ServerEngine)[] => {
    if (isOneOf(engines, name) || isServerEngine(name)) return [name];
    const meant = aliases[name];
    if (meant) return meant;
    const known = [...engines, ...Object.keys(aliases), ...extraEngines].join(', ');
    throw new Error(`There is no engine "${name}". Known: ${known}.`);
  });
  return [...new Set(found)];
}

/** The engines that this run tests: `DIALECTS`, a comma list, or all of them. */
export function selectedEngines(): readonly Engine[] {
  const names = (process.env['DIALECTS'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  if (names.length === 0) return engines;
  return parseEngines(names).filter((engine): engine is Engine => isOneOf(engines, engine));
}
