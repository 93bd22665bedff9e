/** How many of how many states did what is claimed of them; `problems` says of the others what they did. */
export interface Proof {
  readonly claim: string;
  readonly states: number;
  /** How each state ended: in words, or the code of the refusal. */
  readonly ends: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}

/** A claim that does not hold. */
export class Broken extends Error {}

/** Both as JSON: what is found, and what should be. */
export function expectSame(what: string, actual: unknown, wanted: unknown): void {
  const [found, said] = [JSON.stringify(actual, null, 1), JSON.stringify(wanted, null, 1)];
  if (found !== said) throw new Broken(`${what}\n found ${found}\nwanted ${said}`);
}

export interface Attempt {
  /** The state, in words that lead back to it. */
  readonly state: string;
  /** How it ended; throws where the claim does not hold. */
  holds(): Promise<string>;
}

/** Tries a claim on every state. */
export async function tryAll(claim: string, attempts: Iterable<Attempt>): Promise<Proof> {
  const ends: Record<string, number> = {};
  const problems: string[] = [];
  let states = 0;
  for (const { state, holds } of attempts) {
    states += 1;
    try {
      const end = await holds();
      ends[end] = (ends[end] ?? 0) + 1;
    } catch (error) {
      const why = error instanceof Broken ? error.message : error instanceof Error ? error.stack : error;
      problems.push(`${state}: ${String(why)}`);
    }
  }
  return { claim, states, ends, problems };
}
