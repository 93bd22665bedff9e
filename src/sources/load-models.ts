// A file of models, run. In: its path. Out: what it exports, or a refusal that says what is wrong with it.
// Must not know any library.

import { SurefootError } from '../kernel/errors.ts';
import type { ModuleExports } from '../kernel/load-module.ts';
import { loadModule, moduleProblem } from '../kernel/load-module.ts';

/** Where a problem is. */
export interface ModelPlace {
  /** The source's name. */
  readonly source: string;
  readonly file: string;
}

/** The refusal of models that cannot be read. */
export function unreadable({ source, file }: ModelPlace, problem: string, cause?: unknown): SurefootError {
  return new SurefootError('source/unreadable', `the models in ${file}: ${problem}`, {
    details: { source, file, problem },
    hint: `They are read as models of ${source}. Correct the file, or \`models\` in the config.`,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** What a file of models exports; one that fails is refused in the words of its failure. */
export async function loadModels(source: string, file: string): Promise<ModuleExports> {
  try {
    return await loadModule(file);
  } catch (cause) {
    const { problem, line } = moduleProblem(cause, file);
    throw unreadable({ source, file }, line === null ? problem : `line ${line}: ${problem}`, cause);
  }
}
