// What alembic.ini and pyproject.toml say of a project. In: their texts. Out: settings by name. Must not know folders.

/** Settings of Alembic's section: a text, or the texts of a list. */
export type Settings = ReadonlyMap<string, string | readonly string[]>;

/** `key = value` of the section `[alembic]`; what is indented goes on with the value before. */
export function settingsOfIni(text: string): Settings {
  const settings = new Map<string, string>();
  let section = '';
  let last: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*[#;]/.test(line)) continue;
    const [, name] = /^\s*\[([^\]]+)\]/.exec(line) ?? [];
    const [, key, value] = /^([A-Za-z_.]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) [section, last] = [name, null];
    else if (section === 'alembic' && key !== undefined && value !== undefined) {
      settings.set(key, value);
      last = key;
    } else if (last !== null && /^\s+\S/.test(line)) {
      settings.set(last, `${settings.get(last) ?? ''}\n${line.trim()}`);
    } else last = null;
  }
  return settings;
}

const textsIn = (text: string): readonly string[] =>
  [...text.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)].map(([, double, single]) =>
    double === undefined ? (single ?? '') : double.replaceAll(/\\(.)/g, '$1'),
  );

/** The section `[tool.alembic]`: texts, lists of texts, words. */
export function settingsOfToml(text: string): Settings {
  const settings = new Map<string, string | readonly string[]>();
  const [, body = ''] = /^\[tool\.alembic\][ \t]*\r?\n([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(text) ?? [];
  const plain = body.replaceAll(/^[ \t]*#.*$/gm, '');
  for (const [, key = '', value = ''] of plain.matchAll(
    /^([A-Za-z_]+)[ \t]*=[ \t]*(\[[^\]]*\]|"[^"\n]*"|'[^'\n]*'|\S+)/gm,
  )) {
    if (value.startsWith('[')) settings.set(key, textsIn(value));
    else settings.set(key, textsIn(value)[0] ?? value);
  }
  return settings;
}
