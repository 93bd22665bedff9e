// The bytes of a file of Python → its text. In: bytes. Out: text with plain line ends. Must not know Python.

/** The text of a file of Python: a mark at its start or a line `coding: latin-1` says how it is written. */
export function decodePython(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 400)).toString('latin1').split('\n').slice(0, 2).join('\n');
  const [, coding = 'utf-8'] = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/m.exec(head) ?? [];
  const name = coding.toLowerCase().replaceAll('_', '-');
  const isLatin = /^(latin-?1|iso-?8859-?1|cp1252|windows-1252)$/.test(name);
  const text = isLatin
    ? new TextDecoder('windows-1252').decode(bytes)
    : new TextDecoder('utf-8').decode(bytes);
  return text
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n');
}
