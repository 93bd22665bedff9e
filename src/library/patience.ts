import type { RevisionHeader } from '../revisions/revision.ts';
import type { Patience } from '../runner/patience.ts';
import { usualPatience } from '../runner/patience.ts';
import type { RunChoices } from './api.ts';
import type { Project } from './project.ts';

type Header = Pick<RevisionHeader, 'tableLockTimeoutMs' | 'tableLockRetries'>;

/** How long statements wait: what this run says, else the revision, else the project. */
export function patienceOf(
  { options }: Pick<Project, 'options'>,
  choices: Pick<RunChoices, 'tableLockTimeoutMs' | 'tableLockRetries' | 'concurrentWaitMs'>,
  header: Header = {},
): Patience {
  const said = (key: keyof Header) => choices[key] ?? header[key] ?? options[key];
  return {
    lockMs: said('tableLockTimeoutMs') ?? usualPatience.lockMs,
    retries: said('tableLockRetries') ?? usualPatience.retries,
    concurrentMs: choices.concurrentWaitMs ?? options.concurrentWaitMs ?? usualPatience.concurrentMs,
  };
}
