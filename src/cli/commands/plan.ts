import { flag, value } from '../args/option.ts';
import { defineCommand } from '../command.ts';
import { lintOptions, phaseOptions, planChoices, planOptions } from '../runs/run-options.ts';
import { showPlan } from '../runs/show-plan.ts';

/** `-2`, `billing@-1`, `base`: nothing goes up to there. */
const leadsDown = (target: string) => /^(?:.*@)?(?:-\d+|base)$/s.test(target);

/** `plan`: what an upgrade or a downgrade would do. */
export const plan = defineCommand({
  summary: 'What an upgrade would do, operation by operation: what is there already, SQL, hazards, losses.',
  description: 'It looks at the database and changes nothing. A target such as -1 or base plans a downgrade.',
  arguments: [{ name: 'target', summary: 'As for upgrade (default: heads) or downgrade' }],
  options: {
    downgrade: flag('Plan a downgrade'),
    out: value('Write the plan into a file, for --from-plan', { short: 'o', placeholder: 'FILE' }),
    ...phaseOptions,
    ...planOptions,
    ...lintOptions,
  },
  examples: [
    ['surefoot plan', 'everything that is pending'],
    ['surefoot plan -1', 'one revision back'],
    ['surefoot plan --out plan.json', 'to be reviewed today and run tomorrow'],
  ],
  run: async (call) => {
    const [target] = call.arguments;
    const isDown = call.options.downgrade || (target !== undefined && leadsDown(target));
    const direction = isDown ? 'downgrade' : 'upgrade';
    return await showPlan(call, {
      direction,
      target,
      choices: planChoices(call.options),
      phase: call.options.phase,
      out: call.options.out,
      lint: !call.options.noLint,
    });
  },
});
