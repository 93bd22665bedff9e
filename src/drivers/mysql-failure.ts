import { driverMessage, type Failure, type FailureKind, numberMember, textMember } from './failure.ts';
import { networkFailure } from './network-failure.ts';
import { type QueryProblem, queryHint } from './query-hints.ts';

const denied = new Set([1044, 1045, 1049, 1130, 1142, 1227, 1251, 1698, 3118, 3955]);
const lost = new Set([1053, 1080, 1152, 1158, 1159, 1160, 1161, 1927, 2006, 2013, 3032, 4031]);
const full = new Set([1021, 1114]);

const problems: readonly (readonly [ReadonlySet<number>, QueryProblem])[] = [
  [new Set([1044, 1142, 1143, 1227, 1370, 1419]), 'not-allowed'],
  [new Set([1049, 1051, 1054, 1072, 1091, 1109, 1146, 1176, 1305, 1360, 1824, 3821]), 'not-there'],
  [new Set([1007, 1050, 1060, 1061, 1304, 1359, 1826, 3822]), 'there-already'],
  [
    new Set([1048, 1062, 1138, 1216, 1217, 1264, 1265, 1292, 1364, 1366, 1406, 1451, 1452, 1690, 3819, 4025]),
    'rows',
  ],
  [new Set([1205, 1213, 1317, 1969, 3024, 3572]), 'busy'],
  [new Set([1064, 1149]), 'syntax'],
  [new Set([126, 127, 145, 1034, 1194, 1195]), 'damaged'],
];

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
  const hint =
    kind === 'query-failed' ? queryHint(problemOf(number)) : connectHint(number, textMember(error, 'code'));
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

function problemOf(number: number | null): QueryProblem | null {
  return problems.find(([numbers]) => numbers.has(number ?? 0))?.[1] ?? null;
}

function connectHint(number: number | null, code: string | null): string | null {
  if (number === 1040) return 'All sessions of the server are taken: wait, or raise max_connections.';
  if (number === 1049) return 'Create the database first, or correct its name in the URL.';
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') return 'The server has no TLS: take `ssl-mode` out of the URL.';
  return null;
}
