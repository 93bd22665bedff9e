import type { RowCounter } from '../../dialect/native-backup.ts';

// Counts rows in a dump while it passes by, since no other session can see the rows that the dumper sees.
//
//   1. A statement begins at the start of a line, and no string of a dump has a line end in it (it is written as \n).
//   2. `INSERT INTO` and a name in backticks, perhaps columns, then VALUES: each parenthesis outside of strings that opens
//      on the lowest level is a row. Strings are in single quotes, with backslashes; blobs are hexadecimal.
//   3. Between `DELIMITER ;;` and `DELIMITER ;` are programs, where an INSERT is only text.

const code = (char: string): number => char.charCodeAt(0);
const [newline, quote, backslash, backtick] = [10, code("'"), code('\\'), code('`')];
const [open, close, end, letterV] = [code('('), code(')'), code(';'), code('V')];
const [insert, delimiter] = ['INSERT INTO `', 'DELIMITER '];
const longest = Math.max(insert.length, delimiter.length);

type Mode = 'start' | 'skip' | 'delimiter' | 'name' | 'columns' | 'values' | 'string';

interface State {
  mode: Mode;
  /** The first characters of the line, or the name, or what follows DELIMITER. */
  bytes: number[];
  inProgram: boolean;
  isQuoted: boolean;
  isEscaped: boolean;
  depth: number;
  table: string;
}

type Step = (state: State, byte: number, counts: Map<string, number>) => void;

function begin(state: State, mode: Mode): void {
  state.mode = mode;
  state.bytes = [];
}

const text = (bytes: readonly number[]): string => Buffer.from(bytes).toString('utf8');

const steps: Readonly<Record<Mode, Step>> = {
  start: (state, byte) => {
    if (byte === newline) return begin(state, 'start');
    state.bytes.push(byte);
    const head = text(state.bytes);
    if (head === insert && !state.inProgram) return begin(state, 'name');
    if (head === delimiter) return begin(state, 'delimiter');
    if (head.length >= longest || !(insert.startsWith(head) || delimiter.startsWith(head)))
      begin(state, 'skip');
  },
  skip: (state, byte) => {
    if (byte === newline) begin(state, 'start');
  },
  delimiter: (state, byte) => {
    if (byte !== newline) {
      state.bytes.push(byte);
      return;
    }
    state.inProgram = text(state.bytes).trim() !== ';';
    begin(state, 'start');
  },
  name: (state, byte) => {
    // Two backticks are one; anything else after a backtick is behind the name.
    if (byte === backtick) {
      if (state.isQuoted) state.bytes.push(byte);
      state.isQuoted = !state.isQuoted;
      return;
    }
    if (!state.isQuoted) {
      state.bytes.push(byte);
      return;
    }
    state.isQuoted = false;
    state.table = text(state.bytes);
    begin(state, 'columns');
  },
  columns: (state, byte) => {
    if (byte === backtick) state.isQuoted = !state.isQuoted;
    else if (byte === letterV && !state.isQuoted) {
      state.depth = 0;
      begin(state, 'values');
    }
  },
  values: (state, byte, counts) => {
    if (byte === quote) state.mode = 'string';
    else if (byte === open) {
      if (state.depth === 0) counts.set(state.table, (counts.get(state.table) ?? 0) + 1);
      state.depth += 1;
    } else if (byte === close) state.depth -= 1;
    else if (byte === end && state.depth === 0) begin(state, 'skip');
  },
  string: (state, byte) => {
    if (state.isEscaped) state.isEscaped = false;
    else if (byte === backslash) state.isEscaped = true;
    else if (byte === quote) state.mode = 'values';
  },
};

/** Where the next byte is that matters; most of a dump is the inside of strings and of lines without rows. */
function nextStop(chunk: Buffer, at: number, state: State): number {
  if (state.mode === 'skip') {
    const found = chunk.indexOf(newline, at);
    return found < 0 ? chunk.length : found;
  }
  if (state.mode !== 'string' || state.isEscaped) return at;
  let i = at;
  while (i < chunk.length && chunk[i] !== quote && chunk[i] !== backslash) i += 1;
  return i;
}

/** A counter for one dump. */
export function countRows(): RowCounter {
  const counts = new Map<string, number>();
  const state: State = {
    mode: 'start',
    bytes: [],
    inProgram: false,
    isQuoted: false,
    isEscaped: false,
    depth: 0,
    table: '',
  };
  return {
    read: (given) => {
      const chunk = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
      for (let at = nextStop(chunk, 0, state); at < chunk.length; at = nextStop(chunk, at + 1, state)) {
        steps[state.mode](state, chunk[at] ?? 0, counts);
      }
    },
    counts: () => counts,
  };
}
