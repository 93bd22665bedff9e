const units: Readonly<Record<string, number>> = { '': 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 };

/** Bytes of a number or of a text such as `64MB`; `null`: it is neither. */
export function bytesOf(size: unknown): number | null {
  if (typeof size === 'number') return Number.isFinite(size) && size >= 0 ? size : null;
  const [, amount, unit = ''] =
    /^(\d+(?:\.\d+)?) ?(|[kmgt]b)$/i.exec(typeof size === 'string' ? size.trim() : '') ?? [];
  return amount === undefined ? null : Number(amount) * (units[unit.toUpperCase()] ?? 1);
}
