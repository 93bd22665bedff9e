import { driverMessage, type Failure, type FailureKind, numberMember, textMember } from './failure.ts';
import { networkFailure } from './network-failure.ts';

const denied = new Set([1044, 1045, 1049, 1130, 1142, 1227, 1251, 1698, 3118, 3955]);
const lost = new Set([1053, 1080, 1152, 1158, 1159, 1160, 1161, 1927, 2006, 2013, 3032, 4031]);
const full = new Set([1021, 1114]);

const lostMessage = /closed state|connection lost|server has gone away/i;
const fullMessage = /no space left|errno: 28\b|error 28\b/i;

/** What an error of mysql2 means. */
export function mysqlFailure(error: unknown, moment: 'connect' | 'query'): Failure {
  const network = networkFailure(error, moment);
  if (network !== null) return network;
  const number = numberMember(error, 'errno');
  const message = driverMessage(error);
  const code = number === null ? textMember(error, 'code') : String(number);
  const kind = kindOf({ number: number ?? 0, message, moment });
  const hint = connectHint(number, textMember(error, 'code'));
  return { kind, code, message, ...(hint === null ? {} : { hint }) };
}

interface Facts {
  readonly number: number;
  readonly message: string;
  readonly moment: 'connect' | 'query';
}

function kindOf({ number, message, moment }: Facts): FailureKind {
  if (full.has(number) || fullMessage.test(message)) return 'full';
  if (isReadOnly(number, message)) return 'read-only';
  if (moment === 'connect') return denied.has(number) ? 'denied' : 'unreachable';
  return lost.has(number) || lostMessage.test(message) ? 'lost' : 'query-failed';
}

/** 1290 names an option that forbids the statement: only --read-only and --super-read-only are meant. */
function isReadOnly(number: number, message: string): boolean {
  return number === 1836 || number === 1792 || (number === 1290 && /read[-_]only/.test(message));
}

function connectHint(number: number | null, code: string | null): string | null {
  if (number === 1040) return 'All sessions of the server are taken: wait, or raise max_connections.';
  if (number === 1049) return 'Create the database first, or correct its name in the URL.';
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') return 'The server has no TLS: take `ssl-mode` out of the URL.';
  return null;
}
