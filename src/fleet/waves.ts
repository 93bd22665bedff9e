/** How many targets a wave has: a number, or a share of all of them (`'10%'`). */
export type WaveSize = number | `${number}%`;

/** One canary, ten per cent, the rest. */
export const usualWaves: readonly WaveSize[] = [1, '10%'];

/** The share that a text such as `10%` or a number from 0 to 1 means; `null`: none. */
export function shareOf(value: unknown): number | null {
  if (typeof value === 'number') return value >= 0 && value <= 1 ? value : null;
  const percent = typeof value === 'string' ? /^(\d{1,3}(?:\.\d{1,3})?)%$/.exec(value)?.[1] : undefined;
  const share = percent === undefined ? Number.NaN : Number(percent) / 100;
  return share <= 1 ? share : null;
}

/** True for what may say how large a wave is. */
export function isWaveSize(value: unknown): value is WaveSize {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0;
  return (shareOf(value) ?? 0) > 0;
}

/** The sizes of the waves for so many targets; the last one takes what is left. A share is at least one target. */
export function waveSizes(waves: readonly WaveSize[], total: number): readonly number[] {
  const sizes: number[] = [];
  let left = total;
  for (const wave of waves) {
    const wanted = typeof wave === 'number' ? wave : Math.max(1, Math.ceil(total * (shareOf(wave) ?? 0)));
    const size = Math.min(left, wanted);
    if (size > 0) sizes.push(size);
    left -= size;
  }
  return left > 0 ? [...sizes, left] : sizes;
}
