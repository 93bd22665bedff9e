// YAML as recipes have it: maps, lists, scalars on one line, flow lists, block texts. In: text. Out: the value.
// Must not know what it says. What it does not know is an error: a recipe stays plain.

export type Yaml = string | number | boolean | null | readonly Yaml[] | { readonly [key: string]: Yaml };

interface Line {
  readonly indent: number;
  readonly text: string;
}

const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
    .map((line) => ({ indent: line.length - line.trimStart().length, text: line.trim() }));

function scalar(text: string): Yaml {
  if (/^'.*'$/.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (/^".*"$/.test(text)) return JSON.parse(text) as string;
  if (text === '{}') return {};
  if (/^\[.*\]$/.test(text)) return flow(text.slice(1, -1));
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null' || text === '~') return null;
  if (/^[&*!|>%@`{[\]}'"]|: |:$| #/.test(text)) throw new Error(`this is not plain YAML: ${text}`);
  return text;
}

const flow = (text: string): readonly Yaml[] =>
  (text.match(/'(?:[^']|'')*'|[^,]+/g) ?? []).map((one) => scalar(one.trim()));

const keyed = /^("[^"]*"|'[^']*'|[^\s'"[\]{}][^:]*?):(?: +(.*))?$/;

function parseMap(lines: Line[], indent: number): Yaml {
  const map: Record<string, Yaml> = {};
  while (lines[0] !== undefined && lines[0].indent === indent && !lines[0].text.startsWith('- ')) {
    const line = lines.shift();
    const [, key = '', rest = ''] = keyed.exec(line?.text ?? '') ?? [];
    if (key === '' || key in map) throw new Error(`not a key, or twice: ${line?.text}`);
    map[key] = rest === '' ? parseBelow(lines, indent) : scalar(rest);
  }
  return map;
}

/** What stands below a key: further to the right, or a list at the same depth. */
function parseBelow(lines: Line[], indent: number): Yaml {
  const next = lines[0];
  if (next === undefined) return null;
  if (next.text.startsWith('- ') && next.indent >= indent) return parseList(lines, next.indent);
  return next.indent > indent ? parseMap(lines, next.indent) : null;
}

function parseList(lines: Line[], indent: number): Yaml {
  const list: Yaml[] = [];
  while (lines[0] !== undefined && lines[0].indent === indent && lines[0].text.startsWith('- ')) {
    const text = lines[0].text.slice(2).trim();
    if (/^['"[]/.test(text) || !keyed.test(text)) {
      lines.shift();
      list.push(scalar(text));
      continue;
    }
    lines[0] = { indent: indent + 2, text };
    list.push(parseMap(lines, indent + 2));
  }
  return list;
}

/** Parses one document. */
export function parseYaml(text: string): Yaml {
  const lines = linesOf(text);
  const value = parseBelow(lines, -1);
  if (lines.length > 0) throw new Error(`what is this: ${lines[0]?.text}`);
  return value;
}
