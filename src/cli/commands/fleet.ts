import type { FleetConfig } from '../../config/define-config.ts';
import { isWaveSize, shareOf } from '../../fleet/waves.ts';
import { isSurefootError } from '../../kernel/errors.ts';
import type { SurefootOptions } from '../../library/api.ts';
import type { FleetChoices } from '../../library/fleet-choices.ts';
import type { OptionValues } from '../args/option.ts';
import { choiceList, count, value } from '../args/option.ts';
import { usageError } from '../args/usage.ts';
import type { Answer, Call } from '../command.ts';
import { answer, defineCommand } from '../command.ts';
import { failureData, refusalOf } from '../failure.ts';
import { pausable } from '../fleet/halting.ts';
import { followFleet } from '../fleet/live.ts';
import { exitCodeOfFleet, summaryText } from '../fleet/text.ts';
import { planChoices, runChoices, runOptions } from '../runs/run-options.ts';

const options = {
  targets: value('A file with the targets: a URL, or JSON, on each line', { placeholder: 'FILE' }),
  concurrency: count('How many targets at once (8)'),
  perServer: count('How many of them on one server (4)'),
  waves: value('Sizes of the waves; the rest is the last one (1,10%)', { placeholder: 'LIST' }),
  stopAbove: value('Start nothing more where a larger share of a wave failed (10%)', {
    placeholder: 'SHARE',
  }),
  queue: value('Let workers do it: `surefoot fleet worker`, here or elsewhere', { placeholder: 'REDIS-URL' }),
  ...runOptions,
  allow: choiceList('Agree to what the plans name', ['data-loss']),
};

type Values = OptionValues<typeof options>;
type FleetCall = Call<typeof options>;

const verbs = ['plan', 'upgrade', 'check', 'status', 'retry', 'worker'] as const;

function wavesOf(text: string | undefined): Pick<FleetConfig, 'waves'> {
  if (text === undefined) return {};
  const parts = text.split(',').map((part) => part.trim());
  const waves = parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const sizes = waves.filter(isWaveSize);
  if (sizes.length === waves.length) return { waves: sizes };
  throw usageError(`--waves needs sizes such as 1,10%, not ${JSON.stringify(text)}`, text);
}

function stopOf(text: string | undefined): Pick<FleetConfig, 'stopAbove'> {
  if (text === undefined) return {};
  const share = shareOf(/^[\d.]+$/.test(text) ? Number(text) : text);
  if (share !== null) return { stopAbove: share };
  throw usageError(`--stop-above needs a share such as 10%, not ${JSON.stringify(text)}`, text);
}

/** The fleet of the config, with what was said besides; a file of targets stands in for those of the config. */
function fleetOf(config: FleetConfig, given: Values): FleetConfig {
  const { targets, concurrency, perServer, queue } = given;
  const { targets: _, file: __, query: ___, schemas: ____, ...limits } = config;
  return {
    ...(targets === undefined ? config : { ...limits, file: targets }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(perServer === undefined ? {} : { perServer }),
    ...(queue === undefined ? {} : { queue }),
    ...wavesOf(given.waves),
    ...stopOf(given.stopAbove),
  };
}

async function optionsFor(call: FleetCall): Promise<SurefootOptions> {
  const config = await call.project.config();
  const plain = await call.project.options({ writes: true });
  return { ...plain, url: config.url ?? undefined, fleet: fleetOf(config.fleet, call.options) };
}

async function run(call: FleetCall, verb: Exclude<(typeof verbs)[number], 'worker'>): Promise<Answer> {
  const [, word] = call.arguments;
  const { createFleet } = await import('../../library/fleet.ts');
  const fleet = createFleet(await optionsFor(call));
  const { quiet: isQuiet, json: isJson, yes } = call.globals;
  const live = followFleet(call.shell, call.look, { isQuiet, isJson });
  try {
    const summary = await pausable({ ...call, say: live.say }, ({ pause, stop }) => {
      const { end: _, say: __, ...news } = live;
      const choices: FleetChoices = {
        ...news,
        to: verb === 'retry' ? undefined : word,
        allow: yes ? ['data-loss'] : call.options.allow,
        run: { ...planChoices(call.options), ...runChoices(call.options), signal: stop },
        pause,
      };
      return verb === 'retry' ? fleet.retry(word, choices) : fleet[verb](choices);
    });
    return answer({ data: summary, text: summaryText, exitCode: exitCodeOfFleet(summary), isLine: true });
  } finally {
    live.end();
  }
}

async function work(call: FleetCall): Promise<Answer> {
  const { workQueue } = await import('../../library/fleet-queue.ts');
  const given = await optionsFor(call);
  const queue = given.fleet?.queue;
  if (queue === undefined) throw usageError('fleet worker needs --queue, or `fleet.queue` in the config', '');
  const live = followFleet(call.shell, call.look, {
    isQuiet: call.globals.quiet,
    isJson: call.globals.json,
  });
  try {
    const done = await pausable({ ...call, say: live.say }, ({ pause, stop }) =>
      workQueue(given, {
        queue,
        concurrency: call.options.concurrency ?? 1,
        pause,
        run: { signal: stop },
        news: live,
        onTrouble: live.onTrouble,
        onListening: () => call.talk('Listening for targets; Ctrl-C ends.'),
      }),
    );
    return answer({ data: done, text: ({ worked }) => `Worked on ${worked} targets.`, isLine: true });
  } finally {
    live.end();
  }
}

async function runVerb(call: FleetCall): Promise<Answer> {
  const [word = ''] = call.arguments;
  const verb = verbs.find((one) => one === word);
  if (verb === 'worker') return await work(call);
  if (verb !== undefined) return await run(call, verb);
  throw usageError(`fleet does not know ${JSON.stringify(word)}`, word, `It knows ${verbs.join(', ')}.`);
}

/** `fleet`: the same verbs over many databases. */
export const fleet = defineCommand({
  summary: 'Plan, upgrade, check or ask many databases at once, in waves.',
  description:
    'The targets are those of `fleet` in the config, or of --targets. A target that fails stops no other, until too many of a wave have failed; Ctrl-C pauses. With --json each target is a line of its own, and the summary the last one.',
  arguments: [
    { name: 'verb', summary: verbs.join(', '), isRequired: true },
    { name: 'target', summary: 'The revision to reach (heads); for retry the run (the newest)' },
  ],
  options,
  examples: [
    ['surefoot fleet status', 'where each database stands'],
    ['surefoot fleet upgrade', 'one canary, ten per cent, the rest'],
    ['surefoot fleet retry', 'the targets that failed, and those that were not reached'],
    ['surefoot fleet upgrade --targets tenants.txt --waves 5,50% --stop-above 2%', 'other limits'],
    ['surefoot fleet worker --queue redis://queue:6379', 'on as many machines as wanted'],
  ],
  run: async (call) => {
    try {
      return await runVerb(call);
    } catch (thrown) {
      const error = refusalOf(thrown);
      if (!call.globals.json || isSurefootError(error, 'usage/invalid')) throw error;
      // Whoever reads lines is told of a refusal on a line.
      return answer({ data: failureData(error), text: () => '', exitCode: 2, isLine: true });
    }
  },
});
