import { createReadStream } from 'node:fs';
import { messageOf, SurefootError } from '../kernel/errors.ts';

/** A line of a file, and where it begins. */
export interface Line {
  readonly offset: number;
  readonly number: number;
  readonly text: string;
}

const lineFeed = 0x0a;

/** The refusal of a list of targets that cannot be read. */
export function unreadable(source: string, problem: string, cause?: unknown): SurefootError {
  return new SurefootError('fleet/targets-unreadable', `${source}: ${problem}`, {
    details: { source, problem },
    hint: 'Correct what `fleet` in the config, or --targets, says. docs/fleet.md shows each form.',
    cause,
  });
}

/** The lines of a file from an offset on, one at a time: no more of it is in memory than the longest of them. */
export async function* linesOf(file: string, start = 0): AsyncGenerator<Line> {
  let [offset, number] = [start, 1];
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(file, { start })) {
      rest = Buffer.concat([rest, chunk as Buffer]);
      for (let end = rest.indexOf(lineFeed); end >= 0; end = rest.indexOf(lineFeed)) {
        yield { offset, number, text: rest.toString('utf8', 0, end) };
        offset += end + 1;
        number += 1;
        rest = rest.subarray(end + 1);
      }
    }
  } catch (error) {
    throw unreadable(file, messageOf(error).replace(/^[A-Z]+: /, ''), error);
  }
  if (rest.length > 0) yield { offset, number, text: rest.toString('utf8') };
}
