// Keeps what others wrote from steering the terminal. In: any text or JSON. Out: the same with control characters visible.

// Controls but tab and line feed; marks that turn the direction of writing; separators that some terminals break at.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const visible = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A text that a terminal shows and does not obey. */
export function cleanText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(steering, visible);
}

/** The same on one line. */
export function oneLine(text: string): string {
  return cleanText(text)
    .replace(/\s*\n\s*/g, ' ⏎ ')
    .replaceAll('\t', ' ');
}

/** A JSON value with every text in it cleaned, names too. */
export function clean<T>(value: T): T;
export function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map((one) => clean(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [cleanText(key), clean(member)]));
}

/** JSON for programs, in which no character can steer a terminal either. */
export function printJson(value: unknown, { isLine = false }: { readonly isLine?: boolean } = {}): string {
  return `${JSON.stringify(value, null, isLine ? 0 : 2).replace(steering, visible)}\n`;
}
