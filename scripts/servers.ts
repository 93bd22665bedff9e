// In: `up [engine…] | down [engine…] | status [--json] | lock`.
// Out: the test servers started, stopped or listed; stdout is the result, stderr is the talk.
// Must not know: how an engine is fetched or started.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { refreshLock } from '../test/servers/bundle.ts';
import { overrideUrl } from '../test/servers/engines.ts';
import {
  ensureServers,
  extraEngines,
  isServerEngine,
  parseEngines,
  type ServerEngine,
  selectedEngines,
  serverEngines,
  serverStatuses,
  stopServers,
} from '../test/servers/index.ts';

const usage = `Usage: npm run servers -- <command>

  up [engine…]       start the servers (all that the tests use, or those named) and leave them running
  down [engine…]     stop them
  status [--json]    what runs where
  lock               lock the packages to what is offered now

Engines: ${[...serverEngines, ...extraEngines].join(', ')}; "postgres" means both versions, "mysql" means mysql9.`;

class UsageError extends Error {}

function chosen(names: readonly string[], otherwise: readonly string[]): readonly ServerEngine[] {
  try {
    return (names.length > 0 ? parseEngines(names) : otherwise).filter(isServerEngine);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

interface Line {
  readonly engine: string;
  readonly state: string;
  readonly version: string;
  readonly pid?: number;
  readonly url?: string;
  readonly dataDir?: string;
}

function pgliteVersion(): string {
  const file = new URL('../node_modules/@electric-sql/pglite/package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}

async function lines(): Promise<readonly Line[]> {
  const statuses = await serverStatuses();
  const running = statuses.map((each): Line => {
    const state = each.running ? (each.kind === 'private' ? 'private' : 'up') : 'died';
    const { engine, version, pid, url, dataDir } = each;
    return { engine, state, version, pid, url, dataDir };
  });
  const down = serverEngines
    .filter((engine) => !statuses.some((each) => each.engine === engine && each.kind === 'shared'))
    .map((engine): Line => {
      const url = overrideUrl(engine);
      return url === undefined
        ? { engine, state: 'down', version: '' }
        : { engine, state: 'elsewhere', version: '', url };
    });
  const embedded: readonly Line[] = [
    { engine: 'sqlite', state: 'in process', version: process.versions['sqlite'] ?? '' },
    { engine: 'pglite', state: 'in process', version: pgliteVersion() },
  ];
  return [...embedded, ...running, ...down];
}

async function printStatus(asJson: boolean): Promise<void> {
  const all = await lines();
  if (asJson) return console.log(JSON.stringify(all, null, 2));
  const pad = (text: string, width: number): string => text.padEnd(width);
  for (const { engine, state, version, pid, url } of all) {
    const place = [pid === undefined ? [] : `pid ${pid}`, url ?? []].flat().join('  ');
    console.log(`${pad(engine, 11)}${pad(state, 12)}${pad(version, 38)}${place}`.trimEnd());
  }
}

async function main(argv: readonly string[]): Promise<void> {
  const options = {
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const;
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const [command, ...names] = positionals;
  if (values.help) return console.log(usage);
  if (command === 'up') {
    await ensureServers(chosen(names, selectedEngines()));
    return printStatus(values.json);
  }
  if (command === 'down') {
    const stopped = await stopServers(chosen(names, [...serverEngines, ...extraEngines]));
    return console.log(stopped.length > 0 ? `stopped ${stopped.join(', ')}` : 'nothing was running');
  }
  if (command === 'status') return printStatus(values.json);
  if (command === 'lock') return refreshLock();
  throw new UsageError(command ? `There is no command "${command}".` : 'A command is missing.');
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isUsage =
    error instanceof UsageError ||
    (error instanceof Error && 'code' in error && /^ERR_PARSE_ARGS/.test(String(error.code)));
  console.error(error instanceof Error ? error.message : error);
  if (isUsage) console.error(`\n${usage}`);
  process.exitCode = isUsage ? 64 : 2;
}
