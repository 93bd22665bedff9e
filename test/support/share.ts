/** The whole of a long proof where SUREFOOT_LONG=1 asks for it, otherwise the share that every run of the tests has. */
export function share<T>(whole: T, part: T): T {
  return process.env['SUREFOOT_LONG'] === '1' ? whole : part;
}

/** Another version of an engine that has everything, and the same in the process: where each begins to take its cases. */
const relatives: ReadonlyMap<string, number> = new Map([
  ['postgres14', 0],
  ['pglite', 3],
]);

/** All of it where SUREFOOT_LONG=1 asks or the engine is nobody's relative; the relatives have each third between them. */
export function thinned<T>(engine: string, list: readonly T[]): readonly T[] {
  const start = relatives.get(engine);
  if (share(true, start === undefined)) return list;
  const first = Math.min(start ?? 0, list.length - 1);
  return list.filter((_, i) => i % 6 === first);
}

/** One engine of each family in every run, all of them where SUREFOOT_LONG=1 asks: for tests that wait for leases to end. */
export function representatives<E extends string>(engines: readonly E[]): readonly E[] {
  const chosen: ReadonlySet<string> = new Set(['sqlite', 'postgres18', 'mysql9']);
  return process.env['SUREFOOT_LONG'] === '1' ? engines : engines.filter((engine) => chosen.has(engine));
}
