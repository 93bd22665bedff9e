import { SurefootError } from '../../kernel/errors.ts';
import { choiceList } from '../args/option.ts';
import { defineCommand } from '../command.ts';
import { execute } from '../runs/execute.ts';
import { planChoices, runChoices, runOptions } from '../runs/run-options.ts';

/** `reset`: everything dropped, every revision run. */
export const reset = defineCommand({
  summary: 'Drop every object of the database and run every revision again. All rows are lost.',
  description: 'It never asks: it needs both --yes and --allow drop-all.',
  arguments: [],
  options: { ...runOptions, allow: choiceList('Agree to losing everything', ['drop-all']) },
  examples: [['surefoot reset --yes --allow drop-all', 'from nothing to heads']],
  run: async (call) => {
    const { options, globals } = call;
    if (!globals.yes || !options.allow.includes('drop-all')) {
      throw new SurefootError(
        'run/confirmation-needed',
        'reset drops everything in the database, all rows included',
        {
          details: { verb: 'reset' },
          hint: 'Nothing was changed. If that is meant, say --yes --allow drop-all.',
        },
      );
    }
    return await execute(call, {
      verb: 'reset',
      choices: { ...planChoices(options), ...runChoices(options) },
      allowsLoss: true,
      runs: async function* (surefoot, choices) {
        await surefoot.dropAll(choices);
        yield await surefoot.upgrade('heads', choices);
      },
    });
  },
});
