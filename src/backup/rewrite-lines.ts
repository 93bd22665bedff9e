import type { LineRewrite } from '../dialect/native-backup.ts';

const newline = 10;

/** Gives the bytes to pass on for each piece of a text, and what is left in the end. */
export interface LineRewriter {
  read(chunk: Buffer): readonly Buffer[];
  end(): readonly Buffer[];
}

type Mode = 'start' | 'held' | 'passing' | 'done';

/** A piece may end within a character: beginnings are compared byte by byte. */
const bytesOf = (text: string): string => Buffer.from(text).toString('latin1');

/** The same rule, for beginnings as bytes. */
const inBytes = ({ starts, until }: LineRewrite) => ({
  starts: starts.map(bytesOf),
  until: until === null ? null : bytesOf(until),
});

/** What to do with a line that begins so; 'start': it is too early to tell. */
function judge(head: string, { starts, until }: ReturnType<typeof inBytes>): Mode {
  if (until !== null && head.startsWith(until)) return 'done';
  if (starts.some((start) => head.startsWith(start))) return 'held';
  const known = until === null ? starts : [...starts, until];
  return known.some((start) => start.startsWith(head)) ? 'start' : 'passing';
}

/** Rewrites some lines and passes all others, holding no more than the beginning of them. */
export function rewriteLines(rule: LineRewrite): LineRewriter {
  const beginnings = inBytes(rule);
  let mode: Mode = 'start';
  let held: Buffer[] = [];
  const release = (rewrites: boolean): readonly Buffer[] => {
    const whole = Buffer.concat(held);
    held = [];
    return [rewrites ? Buffer.from(rule.rewrite(whole.toString('utf8'))) : whole];
  };
  const endLine = (): readonly Buffer[] => {
    const wasHeld = mode === 'held';
    if (mode !== 'done') mode = 'start';
    return held.length === 0 ? [] : release(wasHeld);
  };
  /** Gives what may pass of a piece of one line. */
  const piece = (part: Buffer): readonly Buffer[] => {
    if (mode === 'passing' || mode === 'done') return [part];
    held.push(part);
    if (mode === 'start') mode = judge(Buffer.concat(held).toString('latin1').replace(/\n$/, ''), beginnings);
    return mode === 'passing' || mode === 'done' ? release(false) : [];
  };
  return {
    read: (chunk) => {
      const out: Buffer[] = [];
      for (let at = 0; at < chunk.length; ) {
        if (mode === 'done') return [...out, chunk.subarray(at)];
        const found = chunk.indexOf(newline, at);
        const next = found < 0 ? chunk.length : found + 1;
        out.push(...piece(chunk.subarray(at, next)));
        if (found >= 0) out.push(...endLine());
        at = next;
      }
      return out;
    },
    end: () => endLine(),
  };
}
