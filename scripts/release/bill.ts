// In: the manifest and the lock file. Out: the bill of materials of what an installed Surefoot brings along, or has in it.
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

/** A package of development of which the report's page has the code in it. */
const builtIn = '@dagrejs/dagre';

const namesIn = (value: unknown): readonly string[] => Object.keys(value ?? {});

/** The manifest of what is published, as if what is built in were installed. */
function without(manifest: Json): Json {
  const rest = Object.fromEntries(Object.entries(manifest).filter(([name]) => !ofDevelopment.includes(name)));
  const { [builtIn]: version = '*' } = (manifest['devDependencies'] ?? {}) as Record<string, string>;
  return { ...rest, dependencies: { ...(rest['dependencies'] ?? {}), [builtIn]: version } };
}

const isNeeded = (entry: Json): boolean =>
  !['dev', 'peer', 'optional', 'devOptional'].some((name) => entry[name] === true);

function neededOnly(lock: Lock): Lock {
  const { '': own = {}, ...others } = lock.packages;
  const inside = [builtIn, ...namesIn(others[`node_modules/${builtIn}`]?.['dependencies'])];
  const isInside = (path: string) => inside.some((name) => path === `node_modules/${name}`);
  const needed = Object.entries(others)
    .filter(([path, entry]) => isNeeded(entry) || isInside(path))
    .map(([path, { dev, ...entry }]) => [path, entry] as const);
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
