import { SurefootError } from '../../kernel/errors.ts';
import { errorCode } from '../../kernel/import-package.ts';
import { usageError } from '../args/usage.ts';
import { answer, defineCommand } from '../command.ts';
import { namedRevisions } from '../named-revisions.ts';
import type { Shell } from '../shell.ts';

/** The editor with its own arguments, such as `code --wait`. */
function editorOf({ env, isInteractive }: Shell): readonly string[] {
  const named = env['VISUAL']?.trim() || env['EDITOR']?.trim() || (isInteractive ? 'vi' : '');
  if (named !== '') return named.split(/\s+/);
  throw usageError('no editor is named', 'EDITOR', 'Set VISUAL or EDITOR, e.g. EDITOR="code --wait".');
}

async function open(shell: Shell, editor: readonly string[], file: string): Promise<void> {
  const [command = '', ...args] = editor;
  const code = await shell.runProgram(command, [...args, file]).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
    throw usageError(`there is no program ${JSON.stringify(command)}`, command, 'Correct VISUAL or EDITOR.');
  });
  if (code === 0) return;
  const ended = code === null ? 'by a signal' : `with exit code ${code}`;
  throw new SurefootError('usage/editor-failed', `the editor ended ${ended}`, {
    details: { editor: editor.join(' '), exitCode: code },
    hint: `The file is ${file}.`,
  });
}

/** `edit`: a revision's file in the user's editor. */
export const edit = defineCommand({
  summary: 'Open the file of a revision in $VISUAL or $EDITOR. Needs no database.',
  arguments: [{ name: 'id', summary: 'An id, a label, head, …', isRequired: true }],
  options: {},
  examples: [['surefoot edit head', 'the newest revision']],
  run: async ({ arguments: [identifier = ''], project, shell }) => {
    const [id = '', ...others] = await namedRevisions(project, identifier);
    if (others.length > 0)
      throw usageError(`'${identifier}' means several revisions`, identifier, 'Name one.');
    const file = (await project.graph()).nodes.get(id)?.header.file ?? '';
    const editor = editorOf(shell);
    await open(shell, editor, file);
    return answer({
      data: { id, file, editor: editor.join(' ') },
      text: (shown, look) => `${look.good('Edited')} ${shown.file}`,
    });
  },
});
