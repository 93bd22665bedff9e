import { driverMessage, type Failure, type FailureKind, textMember } from './failure.ts';
import { networkFailure } from './network-failure.ts';
import { type QueryProblem, queryHint } from './query-hints.ts';

const kinds: readonly (readonly [RegExp, FailureKind, 'connect' | 'always'])[] = [
  [/^28/, 'denied', 'connect'],
  [/^(?:3D000|42501)$/, 'denied', 'connect'],
  [/^(?:53300|57P03|57P01|57P02|08...)$/, 'unreachable', 'connect'],
  [/^(?:57P01|57P02|57P05|25P03|08003|08006|08000)$/, 'lost', 'always'],
  [/^53100$/, 'full', 'always'],
  [/^25006$/, 'read-only', 'always'],
];

const problems: readonly (readonly [RegExp, QueryProblem])[] = [
  [/^42501$/, 'not-allowed'],
  [/^(?:42P01|42P02|42703|42704|42883|3F000|3D000)$/, 'not-there'],
  [/^(?:42P04|42P06|42P07|42701|42710|42723)$/, 'there-already'],
  [/^(?:23...|22...)$/, 'rows'],
  [/^(?:40001|40P01|55006|55P03|57014)$/, 'busy'],
  [/^42601$/, 'syntax'],
  [/^XX00[12]$/, 'damaged'],
];

const lostMessage = /connection terminated|not queryable|client was closed|connection ended|is closed$/i;
const timeoutMessage = /timeout expired|connection timeout|timeout exceeded when trying to connect/i;
const tlsMessage = /does not support ssl|ssl.*(?:required|off)|no encryption/i;

/** What an error of a PostgreSQL library means. */
export function postgresFailure(error: unknown, moment: 'connect' | 'query'): Failure {
  const code = textMember(error, 'code');
  const message = driverMessage(error);
  const network = networkFailure(error, moment);
  if (network !== null) return network;
  const kind = kindOf({ code: code ?? '', message, moment });
  const hint =
    kind === 'query-failed'
      ? (textMember(error, 'hint') ?? queryHint(problemOf(code ?? '')))
      : connectHint(code, message);
  return { kind, code, message, ...(hint === null ? {} : { hint }) };
}

interface Facts {
  readonly code: string;
  readonly message: string;
  readonly moment: 'connect' | 'query';
}

function kindOf({ code, message, moment }: Facts): FailureKind {
  const known = kinds.find(
    ([codes, , when]) => codes.test(code) && (when === 'always' || moment === 'connect'),
  );
  if (known !== undefined) return known[1];
  if (moment === 'connect') return 'unreachable';
  return lostMessage.test(message) ? 'lost' : 'query-failed';
}

function problemOf(code: string): QueryProblem | null {
  return problems.find(([codes]) => codes.test(code))?.[1] ?? null;
}

function connectHint(code: string | null, message: string): string | null {
  if (tlsMessage.test(message))
    return 'Choose the right `sslmode` in the URL: disable, prefer, require, verify-full.';
  if (timeoutMessage.test(message)) return 'Nothing answered in time: check host, port and firewall.';
  if (code === '53300') return 'All sessions of the server are taken: wait, or raise max_connections.';
  if (code === '57P03') return 'The server is starting up or shutting down; `surefoot wait` waits for it.';
  if (code === '3D000') return 'Create the database first, or correct its name in the URL.';
  return null;
}
