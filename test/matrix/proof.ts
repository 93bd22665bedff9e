/** How many of how many states did what is claimed of them; `problems` says of the others what they did. */
export interface Proof {
  readonly claim: string;
  readonly states: number;
  /** How each state ended: in words, or the code of the refusal. */
  readonly ends: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
  /** How many were drawn that the server would never have, in words; they count nowhere. */
  readonly left?: { readonly out: number; readonly why: string };
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
  /** How it ended; `null`: it is no state of that server. Throws where the claim does not hold. */
  holds(): Promise<string | null>;
}

/** What is said of attempts that are none. */
interface Limits {
  /** Ends when as many were tried. */
  readonly count?: number;
  readonly why?: string;
}

/** Says at once what a long run finds, and how far it is. */
function tell(states: number, state: string, problem: string | null): void {
  if (process.env['SUREFOOT_PROGRESS'] !== '1') return;
  if (problem !== null) process.stderr.write(`${problem}\n`);
  if (states % 10 === 0) process.stderr.write(`${new Date().toISOString()} ${states} ${state}\n`);
}

/** Tries a claim on every state, or on the first so many of them that the server can have. */
export async function tryAll(
  claim: string,
  attempts: Iterable<Attempt>,
  { count = Number.POSITIVE_INFINITY, why = '' }: Limits = {},
): Promise<Proof> {
  const ends: Record<string, number> = {};
  const problems: string[] = [];
  let [states, out] = [0, 0];
  for (const { state, holds } of attempts) {
    if (states === count) break;
    const end = await holds().catch((error: unknown) => {
      const what = error instanceof Broken ? error.message : error instanceof Error ? error.stack : error;
      problems.push(`${state}: ${String(what)}`);
      return undefined;
    });
    if (end === null) out += 1;
    else states += 1;
    if (end) ends[end] = (ends[end] ?? 0) + 1;
    tell(states, state, end === undefined ? (problems.at(-1) ?? '') : null);
  }
  return { claim, states, ends, problems, ...(out === 0 ? {} : { left: { out, why } }) };
}
