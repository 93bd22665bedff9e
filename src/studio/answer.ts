// A request, answered or turned away.
// In: a request. Out: a response. Must not answer whoever takes this server for another, nor change anything without the token.

import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isSurefootError, messageOf } from '../kernel/errors.ts';
import { pageAround, policyOf } from '../report/write-html.ts';
import type { ActionName } from './actions.ts';
import { actions } from './actions.ts';
import type { Desk } from './desk.ts';

const policy = policyOf(["connect-src 'self'"]);

const headers: Readonly<Record<string, string>> = {
  'content-security-policy': `${policy}; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

interface Reply {
  readonly status: number;
  readonly type: 'text/html; charset=utf-8' | 'application/json';
  readonly body: string;
}

const json = (status: number, value: unknown): Reply => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});
const refuse = (status: number, error: string): Reply => json(status, { error });

function refusal(error: unknown): Reply {
  const hint = isSurefootError(error) ? ` ${error.hint}` : '';
  return refuse(500, `${messageOf(error)}${hint}`);
}

/** A name that leads here and is not ours: a page of somebody else's, who has his name point at this machine. */
const isForeign = ({ headers: { host } }: IncomingMessage, { hosts }: Desk): boolean =>
  host === undefined || !hosts.has(host.toLowerCase());

/** Only our own page may ask for something to be done. */
function isOwnPage({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin !== undefined && origin === `http://${host}`;
}

function hasToken({ headers: given }: IncomingMessage, { token }: Desk): boolean {
  const said = Buffer.from(String(given['x-surefoot-token'] ?? ''));
  const wanted = Buffer.from(token);
  return said.length === wanted.length && timingSafeEqual(said, wanted);
}

const actionOf = (path: string): ActionName | null => {
  const name = path.startsWith('/actions/') ? path.slice('/actions/'.length) : '';
  return Object.hasOwn(actions, name) ? (name as ActionName) : null;
};

async function post(request: IncomingMessage, path: string, desk: Desk): Promise<Reply> {
  const name = actionOf(path);
  if (name === null) return refuse(404, 'There is nothing of that name.');
  if (!isOwnPage(request)) return refuse(403, 'Only the studio’s own page may ask for that.');
  if (request.headers['content-type'] !== 'application/json') return refuse(415, 'That is not JSON.');
  const { changes, run } = actions[name];
  if (changes && !hasToken(request, desk))
    return refuse(403, 'It changes the database: give the token that the terminal shows.');
  const text = await desk.alone(async () => await run(desk));
  return text === null ? refuse(409, 'Something else is under way.') : json(200, { text });
}

async function get(path: string, desk: Desk): Promise<Reply> {
  if (path === '/report.json') return json(200, await desk.report());
  if (path !== '/') return refuse(404, 'There is nothing of that name.');
  return {
    status: 200,
    type: 'text/html; charset=utf-8',
    body: pageAround('Surefoot studio', { live: true }, policy),
  };
}

/** Server-sent events, until the other side leaves. */
function streamNews(response: ServerResponse, { news }: Desk): void {
  response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
  response.write('retry: 2000\n\n');
  const leave = news.subscribe((one) => response.write(`data: ${JSON.stringify(one)}\n\n`));
  response.on('close', leave);
}

async function reply(request: IncomingMessage, path: string, desk: Desk): Promise<Reply> {
  if (isForeign(request, desk)) return refuse(421, 'This is not the server of that name.');
  if (request.method === 'POST') return await post(request, path, desk);
  if (request.method !== 'GET') return refuse(405, 'Only GET and POST.');
  return await get(path, desk);
}

/** Answers one request. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  desk: Desk,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  request.resume();
  if (path === '/events' && request.method === 'GET' && !isForeign(request, desk)) {
    streamNews(response, desk);
    return;
  }
  const { status, type, body } = await reply(request, path, desk).catch(refusal);
  response.writeHead(status, { ...headers, 'content-type': type });
  response.end(body);
}
