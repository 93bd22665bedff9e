// In: the apt sources of this machine.
// Out: the Debian mirror they name, and a source of one suite of it.
// Must not know: which packages are wanted.

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Mirror {
  readonly uri: string;
  readonly keyring: string | undefined;
}

const standardKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The mirror this machine uses already; `SUREFOOT_DEBIAN_MIRROR` names one where it uses none (Ubuntu, say). */
export async function findMirror(): Promise<Mirror> {
  const named = process.env['SUREFOOT_DEBIAN_MIRROR'];
  if (named) return { uri: named, keyring: existsSync(standardKeyring) ? standardKeyring : undefined };
  for (const text of await sourceTexts()) {
    const mirror = mirrorIn(text);
    if (mirror) return mirror;
  }
  throw new Error('the apt sources of this machine name no Debian mirror (SUREFOOT_DEBIAN_MIRROR can)');
}

/** The first Debian mirror in a file of apt sources. */
export function mirrorIn(text: string): Mirror | undefined {
  for (const stanza of stanzas(text)) {
    const uri = stanza.match(/(?:^|\s)(\S+:\S*\/debian)\/?(?=\s|$)/)?.[1];
    if (uri) return { uri, keyring: keyringOf(stanza) };
  }
  return undefined;
}

async function sourceTexts(): Promise<readonly string[]> {
  const folder = '/etc/apt/sources.list.d';
  const names = await readdir(folder).catch(() => []);
  const paths = names.filter((name) => /\.(list|sources)$/.test(name)).map((name) => join(folder, name));
  return Promise.all(
    ['/etc/apt/sources.list', ...paths].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
}

/** In both formats a source is a paragraph or a line of its own; comments say nothing. */
function stanzas(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  const oneLiners = lines.filter((line) => /^deb\s/.test(line));
  return oneLiners.length > 0 ? oneLiners : lines.join('\n').split(/\n\s*\n/);
}

export function keyringOf(stanza: string): string | undefined {
  const named = stanza.match(/signed-by\s*[:=]\s*(\/[^\s\]]+)/i)?.[1];
  if (named && existsSync(named)) return named;
  return existsSync(standardKeyring) ? standardKeyring : undefined;
}

/** Without a keyring of its own apt uses the ones it trusts anyway. */
export function mirrorStanza(mirror: Mirror, suite: string): string {
  const lines = ['Types: deb', `URIs: ${mirror.uri}`, `Suites: ${suite}`, 'Components: main'];
  if (mirror.keyring) lines.push(`Signed-By: ${mirror.keyring}`);
  return `${lines.join('\n')}\n`;
}
