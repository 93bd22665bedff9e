/** Globals that are the same everywhere and keep nothing. */
const harmless: ReadonlySet<string> = new Set([
  ...['undefined', 'NaN', 'Infinity', 'Array', 'Boolean', 'BigInt', 'JSON', 'Map', 'Number', 'Object', 'Set'],
  ...['String', 'isFinite', 'isNaN', 'parseFloat', 'parseInt'],
]);

/** True for a name that this process has a global of, whoever put it there: what it gives may differ from run to run. */
export function mayBeGlobal(name: string): boolean {
  return name in globalThis && !harmless.has(name);
}
