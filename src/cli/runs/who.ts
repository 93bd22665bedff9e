// Who runs it, for the journal. In: Shell, a folder. Out: Who. Must not know a database.

import { hostname, userInfo } from 'node:os';
import type { Who } from '../../journal/entry.ts';
import { errorCode } from '../../kernel/import-package.ts';
import type { Shell } from '../shell.ts';
import { gitFacts } from './git.ts';

type Env = Shell['env'];

/** The variables that tell a run of a CI system, with its name. */
const systems: readonly (readonly [variable: string, name: string])[] = [
  ['GITHUB_RUN_ID', 'GitHub run'],
  ['CI_PIPELINE_ID', 'GitLab pipeline'],
  ['BUILDKITE_BUILD_ID', 'Buildkite build'],
  ['CIRCLE_WORKFLOW_ID', 'CircleCI workflow'],
  ['BUILD_BUILDID', 'Azure build'],
  ['BITBUCKET_BUILD_NUMBER', 'Bitbucket build'],
  ['DRONE_BUILD_NUMBER', 'Drone build'],
  ['TRAVIS_BUILD_ID', 'Travis build'],
  ['BUILD_TAG', 'Jenkins build'],
];

/** The run of a CI system that this is; `null`: none. */
export function ciRun(env: Env): string | null {
  const found = systems.find(([variable]) => env[variable]);
  return found === undefined ? null : `${found[1]} ${env[found[0]]}`;
}

/** In a container the user may have no name. */
function osUser(env: Env): string | null {
  try {
    return userInfo().username;
  } catch (error) {
    if (errorCode(error) === null) throw error;
    return env['USER'] ?? null;
  }
}

/** Who runs this, as far as it is known. */
export async function whoRuns(shell: Shell, folder: string): Promise<Partial<Who>> {
  const { author, commit } = await gitFacts(folder, shell.env);
  return {
    osUser: osUser(shell.env),
    host: hostname(),
    pid: shell.pid,
    gitAuthor: author,
    gitCommit: commit,
    ciRun: ciRun(shell.env),
  };
}
