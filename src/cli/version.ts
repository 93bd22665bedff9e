import { readFileSync } from 'node:fs';
import { arch, platform, release } from 'node:os';
import { versions } from 'node:process';

/** The version of this package. */
export function toolVersion(): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}

/** What this runs on, for reports. */
export function runsOn(): { readonly runtime: string; readonly system: string } {
  return { runtime: `Node.js ${versions.node}`, system: `${platform()} ${release()} ${arch()}` };
}
