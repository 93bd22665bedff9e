import { nearest } from '../../kernel/nearest.ts';
import { usageError } from '../args/usage.ts';
import { answer, defineCommand } from '../command.ts';
import { completionScript, isShellName, shellNames } from '../completion/script.ts';

/** `completion`: a script for the user's shell. */
export const completion = defineCommand({
  summary: 'A script with which your shell completes verbs and options.',
  arguments: [{ name: 'shell', summary: shellNames.join(', '), isRequired: true }],
  options: {},
  examples: [
    ['eval "$(surefoot completion bash)"', 'in ~/.bashrc'],
    ['source <(surefoot completion zsh)', 'in ~/.zshrc'],
    ['surefoot completion fish | source', 'in config.fish'],
  ],
  run: async ({ arguments: [shell = ''], verbs }) => {
    if (!isShellName(shell)) {
      const meant = nearest(shell, shellNames);
      const hint = meant === null ? `There is one for ${shellNames.join(', ')}.` : `Did you mean ${meant}?`;
      throw usageError(`there is no completion for ${JSON.stringify(shell)}`, shell, hint);
    }
    const script = await completionScript(shell, verbs);
    return answer({ data: { shell, script }, text: (shown) => shown.script, isFile: true });
  },
});
