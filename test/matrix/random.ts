/** A source of whole numbers below n, the same for the same seed. */
export function picker(seed: number): (n: number) => number {
  let state = (seed * 2654435761) >>> 0;
  return (n) => {
    // xorshift: small, and good enough to choose with.
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return n === 0 ? 0 : state % n;
  };
}
