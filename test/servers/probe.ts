// In: a URL.
// Out: the version of the server that answers there.
// Must not know: whether that server is ours.

import { connect } from 'node:net';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { Client } from 'pg';

/** mysql2 knows no `mariadb:` scheme. */
export const mysqlUri = (url: string): string => url.replace(/^mariadb:/, 'mysql:');

async function postgresVersion(url: string): Promise<string> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ readonly server_version: string }>('show server_version');
    return rows[0]?.server_version ?? '';
  } finally {
    await client.end();
  }
}

interface VersionRow extends RowDataPacket {
  readonly version: string;
}

async function mysqlVersion(url: string): Promise<string> {
  const connection = await createConnection({ uri: mysqlUri(url), connectTimeout: 5_000 });
  try {
    const [rows] = await connection.query<VersionRow[]>('select version() as version');
    return rows[0]?.version ?? '';
  } finally {
    await connection.end();
  }
}

/** Enough of the Redis protocol to ask for INFO. */
function redisVersion(url: string): Promise<string> {
  const { hostname, port, password } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect({ host: hostname, port: Number(port || '6379'), timeout: 5_000 });
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
    const version = answer.match(/redis_version:(\S+)/)?.[1];
    if (version) resolve(version);
    else if (/^-(?!ERR AUTH)/m.test(answer)) reject(new Error(answer.trim()));
    else return;
    socket.end();
  });
  socket.on('timeout', () => socket.destroy(new Error('no answer')));
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('the connection was closed')));
  socket.write(`${password ? `AUTH ${decodeURIComponent(password)}\r\n` : ''}INFO server\r\n`);
  return promise;
}

export function probe(url: string): Promise<string> {
  if (/^postgres(ql)?:/.test(url)) return postgresVersion(url);
  if (/^(mysql|mariadb):/.test(url)) return mysqlVersion(url);
  if (/^redis:/.test(url)) return redisVersion(url);
  return Promise.reject(new Error(`no server is known for the URL scheme "${url.split(':')[0]}:"`));
}

/** The URL as it may be printed. */
export const withoutPassword = (url: string): string => url.replace(/:[^:@/]*@/, ':***@');
