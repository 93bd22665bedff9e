// The two halves of a dbmate file. In: its text. Out: blocks with their options, or what is wrong. Must not know SQL.

/** One half. */
export interface Block {
  readonly text: string;
  /** Line of its first statement. */
  readonly line: number;
  readonly transaction: boolean;
  /** Names of values that come from the environment. */
  readonly env: readonly string[];
}

const marker = /^--\s*migrate:(up|down)(?:\s+(.*?))?\s*$/;

interface Marker {
  readonly way: 'up' | 'down';
  readonly options: readonly string[];
  /** From 0. */
  readonly at: number;
}

function markersIn(lines: readonly string[]): readonly Marker[] {
  return lines.flatMap((line, at) => {
    const [, way, options = ''] = marker.exec(line) ?? [];
    if (way !== 'up' && way !== 'down') return [];
    return [{ way, options: options.split(/\s+/).filter((one) => one !== ''), at }];
  });
}

function blockOf(lines: readonly string[], { options, at }: Marker, end: number): Block {
  return {
    text: lines.slice(at + 1, end).join('\n'),
    line: at + 2,
    transaction: !options.includes('transaction:false'),
    env: options.filter((one) => one.startsWith('env:')).map((one) => one.slice(4)),
  };
}

const isCode = (line: string) => !/^\s*(?:--|$)/.test(line);

/** The blocks of a file, or in words why it has none that dbmate would take. */
export function readBlocks(text: string): { readonly up: Block; readonly down: Block | null } | string {
  const lines = text.split('\n');
  const markers = markersIn(lines);
  const [up, down] = (['up', 'down'] as const).map((way) => markers.find((one) => one.way === way));
  if (up === undefined) return "it has no line '-- migrate:up'";
  if (markers.length > 2 || (markers.length === 2 && down === undefined)) return 'it has a block twice';
  if (down !== undefined && down.at < up.at) return "'-- migrate:down' stands before '-- migrate:up'";
  const stray = lines.slice(0, up.at).findIndex(isCode);
  if (stray >= 0) return `line ${stray + 1}: a statement stands before '-- migrate:up'`;
  return {
    up: blockOf(lines, up, down?.at ?? lines.length),
    down: down === undefined ? null : blockOf(lines, down, lines.length),
  };
}
