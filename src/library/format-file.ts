import { spawn } from 'node:child_process';
import { SurefootError } from '../kernel/errors.ts';
import type { Project } from './project.ts';

const longest = 4000;

/** The words of the command, with the file in its place. */
function wordsOf(format: string | readonly string[], file: string): readonly string[] {
  const words = typeof format === 'string' ? format.split(/\s+/).filter(Boolean) : format;
  const placed = words.map((word) => word.replaceAll('{file}', () => file));
  return words.some((word) => word.includes('{file}')) ? placed : [...placed, file];
}

function failed(words: readonly string[], problem: string, cause?: unknown): SurefootError {
  const command = words.join(' ');
  return new SurefootError('autogenerate/hook-failed', `autogenerate.format: ${command}: ${problem}`, {
    details: { hook: 'format', problem },
    hint: 'The file is there, as it was written. Correct `autogenerate.format` in surefoot.config.ts.',
    cause,
  });
}

/** Runs the project's formatter on a file that was written; does nothing where the config names none. */
export async function formatFile({ options, folder }: Project, file: string): Promise<void> {
  const format = options.autogenerate?.format;
  if (format === undefined) return;
  const words = wordsOf(format, file);
  const [program = '', ...rest] = words;
  const child = spawn(program, rest, {
    cwd: folder,
    ...(options.env ? { env: { ...options.env } } : {}),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let said = '';
  const hear = (text: string) => {
    if (said.length < longest) said += text;
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  await new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(failed(words, error.message, error)));
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(failed(words, said.trim().slice(0, longest) || `exit code ${code}`));
    });
  });
}
