// What the name of a migration says.
// In: a name. Out: when it was made, and what it is about. Must not know a tool.

const digits = /\d{8,17}/;

function fromParts(text: string): string | null {
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00'] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?/.exec(text) ?? [];
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const isLikely = Number(year) >= 1990 && Number(year) < 2100;
  return isLikely && !Number.isNaN(date.getTime()) ? date.toISOString().replace('.000Z', 'Z') : null;
}

/** When it was made, as the numbers in its name say: a date, or milliseconds; `null`: they do not. */
export function stampFrom(name: string): string | null {
  const dashed = /(\d{4})[-_](\d\d)[-_](\d\d)(?:[T_-](\d\d)[-_]?(\d\d)[-_]?(\d\d))?/.exec(name);
  if (dashed) return fromParts(dashed.slice(1).join(''));
  const [found] = digits.exec(name) ?? [];
  if (found === undefined) return null;
  if (found.length === 13) return new Date(Number(found)).toISOString();
  return found.length === 12 || found.length === 14 || found.length === 17 || found.length === 8
    ? fromParts(found)
    : null;
}

/** What it is about, in words. */
export function messageFrom(name: string): string {
  const words = name
    .replace(/\.[cm]?[jt]s$/, '')
    .replace(/^.*\//, '')
    .replace(/^(?:V|Migration)?[\d_.T-]*\d(?=[^\d]|$)/, '')
    .replace(/\d{13,}$/, '')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_\-.\s]+/g, ' ')
    .trim()
    .toLowerCase();
  return words === '' ? name : words;
}

const stem = (name: string): string => name.replace(/\.[cm]?[jt]s$/, '');

/** The name that the files have for an entry: a compiled file is called otherwise than what it was made of. */
export function nameInFiles(entry: string, names: readonly string[]): string {
  return names.find((name) => name === entry) ?? names.find((name) => stem(name) === stem(entry)) ?? entry;
}
