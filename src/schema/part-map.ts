/** Copies share what they have in common as long as no more than so many entries differ. */
const usualDifference = 32;

/** What a copy has otherwise than the map that it shares with others. */
interface Difference<T> {
  readonly changed: Map<string, T>;
  readonly gone: Set<string>;
  /** What the shared map does not have, or had in another place. */
  readonly added: Map<string, T>;
}

/**
 * A map, in the order of insertion, whose copies cost next to nothing: a history of a thousand revisions has as many
 * schemas, each of which differs from the one before it in a table or two.
 */
export class PartMap<T> {
  #base: Map<string, T>;
  /** True: copies have the same base, which nobody changes any more. */
  #isShared: boolean;
  #own: Difference<T> | null = null;

  constructor(entries?: Iterable<readonly [string, T]>) {
    this.#base = new Map(entries);
    this.#isShared = false;
  }

  get size(): number {
    const own = this.#own;
    return own === null ? this.#base.size : this.#base.size - own.gone.size + own.added.size;
  }

  get(key: string): T | undefined {
    const own = this.#own;
    if (own === null) return this.#base.get(key);
    const value = own.changed.get(key) ?? own.added.get(key);
    return value !== undefined || own.gone.has(key) ? value : this.#base.get(key);
  }

  has(key: string): boolean {
    const own = this.#own;
    if (own === null) return this.#base.has(key);
    return own.added.has(key) || (this.#base.has(key) && !own.gone.has(key));
  }

  set(key: string, value: T): this {
    if (this.#isShared) {
      const own = this.#difference();
      if (this.#base.has(key) && !own.gone.has(key)) own.changed.set(key, value);
      else own.added.set(key, value);
    } else this.#base.set(key, value);
    return this;
  }

  delete(key: string): boolean {
    if (!this.#isShared) return this.#base.delete(key);
    if (!this.has(key)) return false;
    const own = this.#difference();
    if (own.added.delete(key)) return true;
    own.changed.delete(key);
    own.gone.add(key);
    return true;
  }

  clear(): void {
    this.#base = new Map();
    this.#isShared = false;
    this.#own = null;
  }

  entries(): IterableIterator<[string, T]> {
    return this.#own === null ? this.#base.entries() : entriesOf(this.#base, this.#own);
  }

  values(): IterableIterator<T> {
    return this.#own === null ? this.#base.values() : valuesOf(this.#base, this.#own);
  }

  keys(): IterableIterator<string> {
    return this.#own === null ? this.#base.keys() : keysOf(this.#base, this.#own);
  }

  [Symbol.iterator](): IterableIterator<[string, T]> {
    return this.entries();
  }

  /** A map of its own with the same entries. */
  copy(): PartMap<T> {
    const copy = new PartMap<T>();
    if (this.size === 0) return copy;
    const own = this.#own;
    if (own && sizeOf(own) > Math.max(usualDifference, this.#base.size / 16)) {
      this.#base = new Map(this.entries());
      this.#own = null;
    }
    this.#isShared = true;
    copy.#base = this.#base;
    copy.#isShared = true;
    copy.#own = this.#own && copyOf(this.#own);
    return copy;
  }

  #difference(): Difference<T> {
    this.#own ??= { changed: new Map(), gone: new Set(), added: new Map() };
    return this.#own;
  }
}

const sizeOf = <T>({ changed, gone, added }: Difference<T>): number => changed.size + gone.size + added.size;

const copyOf = <T>({ changed, gone, added }: Difference<T>): Difference<T> => ({
  changed: new Map(changed),
  gone: new Set(gone),
  added: new Map(added),
});

function* entriesOf<T>(
  base: ReadonlyMap<string, T>,
  { changed, gone, added }: Difference<T>,
): Generator<[string, T]> {
  for (const [key, value] of base) if (!gone.has(key)) yield [key, changed.get(key) ?? value];
  yield* added;
}

function* valuesOf<T>(base: ReadonlyMap<string, T>, own: Difference<T>): Generator<T> {
  for (const [, value] of entriesOf(base, own)) yield value;
}

function* keysOf<T>(base: ReadonlyMap<string, T>, own: Difference<T>): Generator<string> {
  for (const [key] of entriesOf(base, own)) yield key;
}
