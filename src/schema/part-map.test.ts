import { describe, expect, it } from 'vitest';
import { fc } from '../../test/support/laws.ts';
import { PartMap } from './part-map.ts';

type Act =
  | { readonly kind: 'set'; readonly on: number; readonly key: string; readonly value: number }
  | { readonly kind: 'delete'; readonly on: number; readonly key: string }
  | { readonly kind: 'copy'; readonly on: number };

const on = fc.nat(9);
const key = fc.nat(60).map(String);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('set' as const), on, key, value: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), on, key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('copy' as const), on }) },
);

describe('PartMap', () => {
  it('is a map, and so are its copies, whatever is done to which of them', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 400 }), (acts) => {
        const plain = [new Map<string, number>()];
        const maps = [new PartMap<number>()];
        for (const one of acts) {
          const [a, b] = [plain[one.on % plain.length], maps[one.on % maps.length]];
          if (!a || !b) continue;
          if (one.kind === 'set') [a.set(one.key, one.value), b.set(one.key, one.value)];
          else if (one.kind === 'delete') expect(b.delete(one.key)).toBe(a.delete(one.key));
          else [plain.push(new Map(a)), maps.push(b.copy())];
        }
        for (const [i, map] of maps.entries()) {
          const a = plain[i] ?? new Map();
          expect([...map]).toEqual([...a]);
          expect([...map.keys()]).toEqual([...a.keys()]);
          expect([...map.values()]).toEqual([...a.values()]);
          expect(map.size).toBe(a.size);
          for (let k = 0; k <= 60; k++) {
            expect(map.get(String(k))).toBe(a.get(String(k)));
            expect(map.has(String(k))).toBe(a.has(String(k)));
          }
        }
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
