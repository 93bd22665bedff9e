// The text of another tool's file, whatever wrote it. In: a path. Out: text with LF, and what was odd about it.
// Must not know what the text is for.

import { readFile } from 'node:fs/promises';

/** A file of another tool, as text. */
export interface ForeignText {
  /** Line feeds only, no byte order mark. */
  readonly text: string;
  /** As it is stored. */
  readonly bytes: Uint8Array;
  /** In words; `null`: plain UTF-8. */
  readonly odd: string | null;
}

function decoded(bytes: Uint8Array): { readonly text: string; readonly odd: string | null } {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe)
    return { text: new TextDecoder('utf-16le').decode(bytes), odd: 'it was UTF-16; written as UTF-8' };
  if (first === 0xfe && second === 0xff)
    return { text: new TextDecoder('utf-16be').decode(bytes), odd: 'it was UTF-16; written as UTF-8' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), odd: null };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const text = new TextDecoder('windows-1252').decode(bytes);
    return { text, odd: 'it is not UTF-8; read as Windows-1252, look at its letters' };
  }
}

/** Reads a file: UTF-8, UTF-16 with its mark, else Windows-1252. */
export async function readForeignText(file: string): Promise<ForeignText> {
  const bytes = await readFile(file);
  const { text, odd } = decoded(bytes);
  return { text: text.replace(/^\ufeff/, '').replaceAll(/\r\n?/g, '\n'), bytes, odd };
}

/** What a file may hold byte for byte on another machine: its text with each kind of line end. */
export function storedForms({ bytes, text }: ForeignText): readonly Uint8Array[] {
  const encode = (form: string) => new TextEncoder().encode(form);
  return [bytes, encode(text), encode(text.replaceAll('\n', '\r\n'))];
}
