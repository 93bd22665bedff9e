/** Something that was put aside. */
export interface Kept {
  readonly id: string;
  /** What it was: `user.phone`, `orders`. */
  readonly object: string;
  readonly kind: 'column' | 'table';
  readonly rows: number;
  /** With what the server needs for them; `null`: it does not say. */
  readonly bytes: number | null;
  /** When: ISO, by the server's clock. */
  readonly at: string;
  /** The revision that would have destroyed it. */
  readonly revision: string;
  readonly direction: string;
  /** Of what came back: columns with values for which there is no place any more. They stay where they were kept. */
  readonly left?: readonly string[];
}

/** What is asked of what is kept. */
export interface KeptChoices {
  /** These are dropped for good; `'all'`: all of them. */
  readonly drop?: readonly string[] | 'all' | undefined;
  /** Of those only what is older than so many days. */
  readonly olderThanDays?: number | undefined;
  readonly lockTimeoutMs?: number | undefined;
}

export interface KeptResult {
  readonly kept: readonly Kept[];
  readonly dropped: readonly Kept[];
}
