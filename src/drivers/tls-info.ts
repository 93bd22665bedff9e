// TLS as a URL asks for it.
// In: the parameters of a URL. Out: TlsInfo, as plain data, and the options of node:tls. Must not know any library.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { messageOf, SurefootError } from '../kernel/errors.ts';
import { refuseUrl } from './url-text.ts';

/** `prefer`: encrypted if the server can; `require`: encrypted, unverified; the last two also verify. */
export type TlsMode = 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** A URL, its parameters, and the folder that relative paths in them are relative to. */
export interface UrlQuery {
  readonly url: string;
  readonly parameters: URLSearchParams;
  readonly folder: string;
}

/** What was asked; files are absolute paths, read when connecting. */
export interface TlsInfo {
  readonly mode: TlsMode;
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}

const postgresModes: Modes = {
  disable: null,
  allow: 'prefer',
  prefer: 'prefer',
  require: 'require',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
};

const mysqlModes: Modes = {
  disabled: null,
  false: null,
  '0': null,
  preferred: 'prefer',
  required: 'require',
  true: 'require',
  '1': 'require',
  verify_ca: 'verify-ca',
  verify_identity: 'verify-full',
};

/** Reads libpq's parameters. */
export function readPostgresTls(query: UrlQuery): TlsInfo | null {
  const { parameters } = query;
  refuseUnknown(query, ['sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey', ...ignored]);
  const ssl = parameters.get('ssl');
  const asked = parameters.get('sslmode') ?? (ssl === null ? null : ssl === 'false' ? 'disable' : 'require');
  const files = readFiles(query, ['sslrootcert', 'sslcert', 'sslkey']);
  const mode = asked === null ? null : modeOf(query, postgresModes, asked);
  if (mode === null) return null;
  // As libpq does: an authority that was named is used.
  return { mode: mode === 'require' && files.ca !== null ? 'verify-ca' : mode, ...files };
}

/** Reads the parameters of MySQL's own clients. */
export function readMysqlTls(query: UrlQuery): TlsInfo | null {
  const { parameters } = query;
  refuseUnknown(query, ['ssl-mode', 'sslmode', 'ssl', 'ssl-ca', 'ssl-cert', 'ssl-key', ...ignored]);
  const files = readFiles(query, ['ssl-ca', 'ssl-cert', 'ssl-key']);
  const asked = parameters.get('ssl-mode') ?? parameters.get('sslmode') ?? parameters.get('ssl');
  const named = asked ?? (files.ca !== null ? 'verify_ca' : files.cert !== null ? 'required' : 'disabled');
  const mode = named.startsWith('{')
    ? jsonMode(named)
    : modeOf(query, mysqlModes, named.replaceAll('-', '_'));
  return mode === null ? null : { mode, ...files };
}

/** Parameters of other tools that are about TLS and change nothing here. */
const ignored = ['sslnegotiation', 'sslsni', 'sslcompression', 'sslpassword', 'sslaccept', 'sslidentity'];

/** A misspelt TLS parameter must not mean "no TLS". */
function refuseUnknown({ url, parameters }: UrlQuery, known: readonly string[]): void {
  const unknown = [...parameters.keys()].find((name) => /^(?:ssl|tls)/i.test(name) && !known.includes(name));
  if (unknown !== undefined) refuseUrl(url, `the parameter "${unknown}" is not known`);
}

type Modes = Readonly<Record<string, TlsMode | null>>;

function modeOf({ url }: UrlQuery, modes: Modes, asked: string): TlsMode | null {
  const name = asked.toLowerCase();
  if (Object.hasOwn(modes, name)) return modes[name] ?? null;
  return refuseUrl(url, `"${asked}" is not a TLS mode (${Object.keys(modes).join(', ')})`);
}

/** Clouds hand out `ssl={"rejectUnauthorized":true}`. */
function jsonMode(json: string): TlsMode {
  return /"rejectUnauthorized"\s*:\s*false/.test(json) ? 'require' : 'verify-full';
}

function readFiles(
  { parameters, folder }: UrlQuery,
  names: readonly [ca: string, cert: string, key: string],
): Omit<TlsInfo, 'mode'> {
  const [ca, cert, key] = names.map((name) => {
    const file = parameters.get(name);
    return file === null || file === '' || file === 'system' ? null : resolve(folder, file);
  });
  return { ca: ca ?? null, cert: cert ?? null, key: key ?? null };
}

/** The options of node:tls for what was asked, with its files read. */
export async function tlsOptions(info: TlsInfo): Promise<ConnectionOptions> {
  const [ca, cert, key] = await Promise.all([readPem(info.ca), readPem(info.cert), readPem(info.key)]);
  return {
    rejectUnauthorized: info.mode === 'verify-ca' || info.mode === 'verify-full',
    ...(info.mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
  };
}

async function readPem(file: string | null): Promise<string | null> {
  if (file === null) return null;
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SurefootError(
      'usage/invalid',
      `cannot read ${file}, which the database URL names: ${messageOf(cause)}`,
      {
        details: { argument: 'url' },
        hint: 'Correct the path; a relative one is relative to the project folder.',
        cause,
      },
    );
  }
}
