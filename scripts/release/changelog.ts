// In: the text of CHANGELOG.md, a version. Out: the section of that version, as it stands or dated; or why there is none.
// Must not know: what else a release needs.

export interface Section {
  /** What stands in brackets: the version, or `Unreleased`. */
  readonly name: string;
  /** What stands behind them; null where nothing does. */
  readonly when: string | null;
  readonly notes: string;
  readonly start: number;
  /** Where its heading ends. */
  readonly body: number;
}

const heading = /^## \[([^\]]+)\](?: - (.+))?$/gm;

/** The section of a version. It may be headed by the version, or by `Unreleased`; an empty one is none. */
export function sectionOf(text: string, version: string): Section {
  const sections = [...text.matchAll(heading)];
  const at = sections.findIndex(([, name = '']) => name === version || name.toLowerCase() === 'unreleased');
  const found = sections[at];
  if (found === undefined) throw new Error(`CHANGELOG.md has no section for ${version}`);
  const [line, name = '', when = null] = found;
  const body = found.index + line.length;
  const notes = text.slice(body, sections[at + 1]?.index ?? text.length).trim();
  if (!/^- /m.test(notes)) throw new Error(`CHANGELOG.md says nothing about ${version}`);
  return { name, when, notes, start: found.index, body };
}

/** The changelog with the section dated. */
export function dateSection(text: string, version: string, date: string): string {
  const { name, when, start, body } = sectionOf(text, version);
  if (name === version && when !== null && when !== 'unreleased')
    throw new Error(`CHANGELOG.md says that ${version} was released on ${when}`);
  return `${text.slice(0, start)}## [${version}] - ${date}${text.slice(body)}`;
}
