import { driverMessage, type Failure, textMember } from './failure.ts';

const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ENOENT',
  'ENOTSOCK',
  'EACCES',
]);
const lost = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT', 'PROTOCOL_CONNECTION_LOST']);
const certificate =
  /^(?:SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|CERT_|HOSTNAME_MISMATCH|HANDSHAKE_SSL_ERROR|ERR_TLS|ERR_SSL|ERR_OSSL)|SIGNATURE$/;

/** A failure of the network below a database protocol; `null`: it is none. */
export function networkFailure(error: unknown, moment: 'connect' | 'query'): Failure | null {
  const code = textMember(error, 'code') ?? '';
  const message = driverMessage(error);
  if (certificate.test(code)) return { kind: 'unreachable', code, message, hint: tlsHint };
  if (!unreachable.has(code) && !lost.has(code)) return null;
  return { kind: moment === 'connect' ? 'unreachable' : 'lost', code, message };
}

const tlsHint =
  'The server could not prove who it is. Name the authority that signed its certificate in the URL ' +
  '(`sslrootcert=` for PostgreSQL, `ssl-ca=` for MySQL and MariaDB), or choose a mode that does not verify.';
