import { defineCommand } from '../command.ts';
import { execute } from '../runs/execute.ts';
import { planChoices, runChoices, runOptions } from '../runs/run-options.ts';

/** `redo`: down and up again. */
export const redo = defineCommand({
  summary: 'Downgrade, and upgrade again to where the database stood.',
  arguments: [{ name: 'target', summary: 'As for downgrade (default: -1)' }],
  options: runOptions,
  examples: [
    ['surefoot redo', 'the last revision'],
    ['surefoot redo -3 --yes', 'the last three'],
  ],
  run: async (call) => {
    const {
      options,
      arguments: [target],
    } = call;
    return await execute(call, {
      verb: 'redo',
      choices: { ...planChoices(options), ...runChoices(options) },
      allowsLoss: true,
      runs: async function* (surefoot, choices) {
        const { heads } = await surefoot.current();
        const down = await surefoot.downgrade(target, choices);
        yield down;
        if (down.finished.length === 0) return;
        for (const head of heads) yield await surefoot.upgrade(head, choices);
      },
    });
  },
});
