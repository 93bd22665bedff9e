import type { Part } from '../schema/parts.ts';
import { contentOf } from '../schema/parts.ts';

/** What a part is called within its owner; where it has no name, what it is made of. */
export function nameOf(part: Part): string {
  if (part.kind === 'trigger') return part.name?.split('\u0001')[1] ?? '';
  if (part.kind === 'routine' || part.kind === 'table') return '';
  const { name } = part.form as { readonly name?: string | null };
  if (part.kind === 'column' || typeof name === 'string') return name ?? part.name ?? '';
  return part.name === '' ? '' : `(${contentOf(part)})`;
}
