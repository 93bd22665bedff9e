// In: nothing, or `--url` of a server. Out: the story of examples/todobox, told and checked on temporary databases.
// Must not know: anything of Surefoot but its public entry.

import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BrokenClaim, bold, dim, red, say } from './demo/output.ts';
import { openStage } from './demo/stage.ts';
import { tellStory } from './demo/story.ts';
import { createWorld } from './demo/world.ts';

const usage = `Usage: npm run demo [-- --url URL]

Tells the story of examples/todobox on temporary databases, and checks every sentence of it.

  --url URL   a server to tell it on: postgres://…, mysql://…, mariadb://…, or pglite:
              Three databases are created there, and dropped again. Without it: SQLite.`;

async function perform(url: string | undefined): Promise<void> {
  const started = performance.now();
  const stage = await openStage(url);
  const interrupt = (): void =>
    void stage.dispose().finally(() => {
      // The story may have gone on until now.
      rmSync(stage.folder, { recursive: true, force: true });
      process.exit(130);
    });
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    say(`${bold('Todobox')} ${dim(`· ${stage.description}`)}`);
    await tellStory(await createWorld(stage));
  } finally {
    await stage.dispose();
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say();
  say(`${bold('The schema landed.')} ${dim(`${seconds} s; the databases are dropped again.`)}`);
}

function failureText(error: unknown): string {
  if (error instanceof BrokenClaim) return `not true: ${error.message}`;
  if (error instanceof AggregateError)
    return [error.message, ...error.errors.map(failureText)].filter((line) => line !== '').join('\n');
  return error instanceof Error ? error.message || String(error) : String(error);
}

async function main(argv: readonly string[]): Promise<number> {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { url: { type: 'string' }, help: { type: 'boolean' } },
    });
    if (values.help) say(usage);
    else await perform(values.url);
    return 0;
  } catch (error) {
    const isUsage = error instanceof Error && 'code' in error && /^ERR_PARSE_ARGS/.test(String(error.code));
    console.error(`${red('✗')} ${failureText(error)}${isUsage ? `\n\n${usage}` : ''}`);
    return isUsage ? 64 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
