import { mentions } from '../schema/identifiers-in-sql.ts';

const quotes = /["`[\]]/;

/** True if the text mentions the name. Most texts do not even hold its letters, which is cheap to see. */
export function mentionsName(sql: string, name: string): boolean {
  if (!quotes.test(name) && !sql.toLowerCase().includes(name.toLowerCase())) return false;
  return mentions(sql, name);
}

/** True if the text calls the routine, or mentions its name otherwise. */
export function mentionsRoutine(sql: string, name: string): boolean {
  const escaped = name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  const call = new RegExp(String.raw`(?<![\p{L}\p{N}_$])${escaped}\s*\(`, 'iu');
  return mentionsName(sql, name) || call.test(sql);
}

/**
 * The nodes, each after those that it needs. Where they need each other in a circle, one of them comes before what it
 * needs: always the same one for the same input.
 */
export function needsFirst<T>(nodes: readonly T[], needs: (node: T) => readonly T[]): readonly T[] {
  const known = new Set(nodes);
  const seen = new Set<T>();
  const order: T[] = [];
  for (const start of nodes) {
    const path = seen.has(start) ? [] : [{ node: start, rest: needs(start)[Symbol.iterator]() }];
    seen.add(start);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { value, done } = top.rest.next();
      if (done) {
        order.push(top.node);
        path.pop();
      } else if (known.has(value) && !seen.has(value)) {
        seen.add(value);
        path.push({ node: value, rest: needs(value)[Symbol.iterator]() });
      }
    }
  }
  return order;
}
