// In: the manifest and the lock file. Out: the bill of materials of what an installed Surefoot brings along.
// Must not know: what a release is.
//
// npm draws it up, from copies that know nothing of development: asked to omit that, it also omits packages which are needed
// here and which a package of development could use.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../test/servers/command.ts';

type Json = Readonly<Record<string, unknown>>;

interface Lock extends Json {
  readonly packages: Readonly<Record<string, Json>>;
}

const ofDevelopment = ['devDependencies', 'peerDependencies', 'peerDependenciesMeta', 'scripts'];

const without = (manifest: Json): Json =>
  Object.fromEntries(Object.entries(manifest).filter(([name]) => !ofDevelopment.includes(name)));

const isNeeded = (entry: Json): boolean =>
  !['dev', 'peer', 'optional', 'devOptional'].some((name) => entry[name] === true);

function neededOnly(lock: Lock): Lock {
  const { '': own = {}, ...others } = lock.packages;
  const needed = Object.entries(others).filter(([, entry]) => isNeeded(entry));
  return { ...lock, packages: { '': without(own), ...Object.fromEntries(needed) } };
}

/** CycloneDX, as JSON. */
export async function billOfMaterials(manifest: string, lock: string): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'surefoot-bill-'));
  // npm calls the whole by the name of its folder.
  const folder = join(parent, 'surefoot');
  try {
    await mkdir(folder);
    await writeFile(join(folder, 'package.json'), JSON.stringify(without(JSON.parse(manifest) as Json)));
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify(neededOnly(JSON.parse(lock) as Lock)));
    const argv = ['npm', 'sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'library'];
    return (await run([...argv, '--package-lock-only'], { cwd: folder })).stdout;
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}
