import type { Look } from './look.ts';

/** That revisions are taken back as the journal keeps them. */
export function rememberedLines(ids: readonly string[], look: Look): readonly string[] {
  if (ids.length === 0) return [];
  const words = `From the journal, since the file is gone or was edited after it ran: ${ids.join(', ')}`;
  return [look.warn(words)];
}
