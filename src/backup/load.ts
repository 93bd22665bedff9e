// Loads a dump through the makers' client.
// In: tools, a dump, the ground. Out: nothing, or a refusal. Must not know whether the result is right.

import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { LineRewrite, RestoreGround, RestoreScript } from '../dialect/native-backup.ts';
import { SurefootError } from '../kernel/errors.ts';
import { invariant } from '../kernel/invariant.ts';
import type { Child } from './child.ts';
import { outputOf } from './child.ts';
import { rewriteLines } from './rewrite-lines.ts';
import type { Tools, Workbench } from './workbench.ts';
import { atWorkbench } from './workbench.ts';

/** SQL on its way: a stream, and whoever makes it. */
interface Source {
  readonly text: Readable;
  readonly rewrite: LineRewrite | null;
  readonly ended: Promise<void>;
  stop(): void;
}

/** The dump as SQL, in one piece or in several, each opened when the one before it is through. */
async function* sourcesOf(
  bench: Workbench,
  tools: Tools,
  { file, ground, rewrite }: LoadRequest & Pick<RestoreScript, 'rewrite'>,
): AsyncIterable<Source> {
  const { reading } = tools.family;
  const { reader } = tools.toolbox;
  if (reading === null) {
    const text = createReadStream(file);
    yield { text, rewrite, ended: Promise.resolve(), stop: () => void text.destroy() };
    return;
  }
  invariant(reader !== null, 'a dump that is not SQL has a reader');
  const list = await outputOf(bench.start(reader, reading.list(file)));
  for (const [i, part] of reading.choose(list, ground).entries()) {
    const listFile = await bench.file(`list-${i}`, part.list);
    const { stdin, stdout, ended, kill } = bench.start(reader, reading.read(file, listFile));
    stdin.end();
    yield { text: stdout, rewrite: part.rewrite, ended, stop: kill };
  }
}

export interface LoadRequest {
  readonly file: string;
  readonly ground: RestoreGround;
  readonly onBytes: (done: number, total: number | null) => void;
}

/** Waits for the client to take it; a client that has ended takes nothing more. */
async function feed({ stdin, ended }: Child, chunk: Buffer | string): Promise<void> {
  if (!stdin.write(chunk)) await Promise.race([once(stdin, 'drain'), ended]);
}

async function feedSource(client: Child, source: Source, onBytes: (bytes: number) => void): Promise<void> {
  const lines = source.rewrite === null ? null : rewriteLines(source.rewrite);
  try {
    for await (const piece of source.text) {
      const chunk = piece as Buffer;
      for (const part of lines === null ? [chunk] : lines.read(chunk)) await feed(client, part);
      onBytes(chunk.length);
    }
    for (const part of lines?.end() ?? []) await feed(client, part);
    await source.ended;
  } finally {
    source.stop();
  }
}

function endedEarly(program: string): SurefootError {
  return new SurefootError('backup/tool-failed', `${program} ended before it had read everything`, {
    details: { tool: program, exitCode: 0, output: '' },
    hint: 'Look into the log of the server.',
  });
}

async function run(
  bench: Workbench,
  tools: Tools,
  request: LoadRequest,
  script: RestoreScript,
): Promise<void> {
  const { family, toolbox } = tools;
  const total = family.reading === null ? (await stat(request.file)).size : null;
  const client = bench.start(toolbox.client, family.clientArguments(bench.request));
  // Nobody reads what it answers; a full pipe would hold it up.
  client.stdout.resume();
  let isOver = false;
  client.ended.then(
    () => {
      isOver = true;
    },
    () => undefined,
  );
  try {
    await feed(client, script.before);
    let read = 0;
    const onBytes = (bytes: number) => {
      read += bytes;
      request.onBytes(read, total);
    };
    const { rewrite } = script;
    for await (const source of sourcesOf(bench, tools, { ...request, rewrite }))
      await feedSource(client, source, onBytes);
    if (isOver) throw endedEarly(toolbox.client);
    // Only now: what was not read to its end must not be committed.
    await feed(client, script.after);
    client.stdin.end();
    await client.ended;
  } catch (error) {
    client.kill();
    // The client knows better why it took no more.
    await client.ended.catch((reason: unknown) => {
      throw isOver ? error : firstOf(error, reason);
    });
    throw error;
  }
}

/** A client that was killed because of an error says nothing about it. */
function firstOf(error: unknown, reason: unknown): unknown {
  return reason instanceof SurefootError && /exit code/.test(reason.message) ? reason : error;
}

/** Loads the dump, with what its family puts around it. */
export async function loadDump(tools: Tools, request: LoadRequest): Promise<void> {
  const script = await tools.family.script(request.ground);
  await atWorkbench(tools, (bench) => run(bench, tools, request, script));
}
