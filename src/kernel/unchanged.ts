/** The object that was given, where what became of it says the same, member by member: so nothing is kept twice. */
export function unlessChanged<T extends object>(given: T, made: T): T {
  const names = Object.keys(made);
  if (names.length !== Object.keys(given).length) return made;
  const isKept = (name: string) =>
    Object.hasOwn(given, name) && given[name as keyof T] === made[name as keyof T];
  return names.every(isKept) ? given : made;
}

/** What the function makes of each; the list itself where it changes none. */
export function mapUnlessSame<T>(list: readonly T[], change: (one: T) => T): readonly T[] {
  const made = list.map(change);
  return made.every((one, i) => one === list[i]) ? list : made;
}
