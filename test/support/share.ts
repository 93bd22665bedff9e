/** The whole of a long proof where SUREFOOT_LONG=1 asks for it, otherwise the share that every run of the tests has. */
export function share<T>(whole: T, part: T): T {
  return process.env['SUREFOOT_LONG'] === '1' ? whole : part;
}

/** Another version of an engine that has everything, or the same in the process. */
const relatives: ReadonlySet<string> = new Set(['postgres14', 'pglite']);

/** All of it where SUREFOOT_LONG=1 asks or the engine is nobody's relative; a relative has each third in every run. */
export function thinned<T>(engine: string, list: readonly T[]): readonly T[] {
  return share(true, !relatives.has(engine)) ? list : list.filter((_, i) => i % 3 === 0);
}

/** One engine of each family in every run, all of them where SUREFOOT_LONG=1 asks: for tests that wait for leases to end. */
export function representatives<E extends string>(engines: readonly E[]): readonly E[] {
  const chosen: ReadonlySet<string> = new Set(['sqlite', 'postgres18', 'mysql9']);
  return process.env['SUREFOOT_LONG'] === '1' ? engines : engines.filter((engine) => chosen.has(engine));
}
