// In: nothing.
// Out: a headless Chromium to drive, whatever browser is installed on the machine.
// Must not know: which pages it is shown.

import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installBundle } from './bundle.ts';
import { cacheRoot } from './cache.ts';
import { cleanEnvironment } from './command.ts';
import { exclusively } from './exclusive.ts';
import { platform } from './npm-package.ts';

export interface Browser {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const triplet = platform === 'linux-arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';

/** The browser starts itself again for its pages, so it runs with this machine's loader, and hence with its libc. */
const ownOfMachine =
  /^(?:ld-linux|lib(?:c|m|dl|pthread|rt|resolv|util|nsl|anl|mvec|thread_db|BrokenLocale|nss_\w+|memusage|pcprofile)(?:[.-]))/;

async function linkLibraries(folder: string): Promise<string> {
  const target = join(folder, '.libraries');
  return await exclusively('chromium-libraries', async () => {
    if (existsSync(target)) return target;
    const made = `${target}.new`;
    await mkdir(made, { recursive: true });
    const sources = [join(folder, 'lib', triplet), join(folder, 'usr', 'lib', triplet)].filter(existsSync);
    const inner = ['nss', 'pulseaudio'].map((name) => join(folder, 'usr', 'lib', triplet, name));
    for (const source of [...sources, ...inner].filter(existsSync))
      for (const name of await readdir(source))
        if (/\.so(\.|$)/.test(name) && !ownOfMachine.test(name) && !existsSync(join(made, name)))
          await symlink(join(source, name), join(made, name));
    await rename(made, target);
    return target;
  });
}

/** Letters look the same on every machine: only the bundle's own fonts are known. */
async function writeFonts(folder: string): Promise<string> {
  const file = join(folder, '.fonts.conf');
  const fonts = join(folder, 'usr/share/fonts');
  const cache = join(cacheRoot(), 'temporary', 'fonts');
  await writeFile(
    `${file}.new`,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${fonts}</dir><cachedir>${cache}</cachedir></fontconfig>\n`,
  );
  await rename(`${file}.new`, file);
  return file;
}

/** Fetched on first use (158 MB). `SUREFOOT_TEST_CHROMIUM` names another one. */
export async function chromium(): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--hide-scrollbars',
    '--force-color-profile=srgb',
  ];
  const given = process.env['SUREFOOT_TEST_CHROMIUM'];
  if (given) return { executablePath: given, args, env: {} };
  const folder = await installBundle('chromium');
  const libraries = await linkLibraries(folder);
  return {
    executablePath: join(folder, 'usr/lib/chromium/chromium-headless-shell'),
    args,
    env: {
      ...(cleanEnvironment as Record<string, string>),
      LD_LIBRARY_PATH: libraries,
      FONTCONFIG_FILE: await writeFonts(folder),
    },
  };
}
