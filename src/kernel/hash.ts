import { createHash } from 'node:crypto';

type Members = Readonly<Record<string, unknown>>;

function arrayJson(items: readonly unknown[]): string {
  let text = '[';
  for (const [i, item] of items.entries()) text += i === 0 ? canonicalJson(item) : `,${canonicalJson(item)}`;
  return `${text}]`;
}

/** JSON with sorted keys: equal values give equal text. `undefined` members are left out, as in JSON. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return arrayJson(value);
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const member = (value as Members)[key];
    if (member !== undefined)
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** True for values whose canonical JSON is the same; the texts are not made, and the first difference ends it. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return canonicalJson(a) === canonicalJson(b);
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, i) => sameJson(item, b[i]))
    );
  return sameMembers(a as Members, b as Members);
}

function sameMembers(a: Members, b: Members): boolean {
  const isSaid = (of: Members) => (key: string) => of[key] !== undefined;
  const keys = Object.keys(a).filter(isSaid(a));
  if (keys.length !== Object.keys(b).filter(isSaid(b)).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && b[key] !== undefined && sameJson(a[key], b[key]));
}

/** SHA-256 of a text, in hexadecimal. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** SHA-256 of a JSON value, independent of the order of its members. */
export function hashJson(value: unknown): string {
  return hashText(canonicalJson(value));
}
