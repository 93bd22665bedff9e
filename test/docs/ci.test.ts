// The workflows of the page: every command that they give a shell is run, as a machine of the service would run it.
// What only the service has (its comments, its npm cache) is stood in for by programs that write down what they are told.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readPage, wordOf } from './support/markdown.ts';
import type { TempProject } from './support/temp-project.ts';
import { tempProject } from './support/temp-project.ts';
import type { Jobs } from './support/workflow.ts';
import { githubJobs, gitlabJobs } from './support/workflow.ts';

const snippets = new Map(
  readPage('docs/ci.md').snippets.map((snippet) => [wordOf(snippet, 'file') ?? '', snippet.text]),
);
const github = githubJobs(snippets.get('.github/workflows/database.yml') ?? '');
const gitlab = gitlabJobs(snippets.get('.gitlab-ci.yml') ?? '');

const variables: Readonly<Record<string, string>> = {
  DATABASE_URL: 'sqlite:./app.db',
  GITHUB_STEP_SUMMARY: './summary.md',
  GITHUB_BASE_REF: 'main',
  PULL_REQUEST: '7',
  BACKUPS: './kept',
  GITHUB_SHA: 'abc',
  CI_COMMIT_SHA: 'abc',
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
  PLAN_TOKEN: 'secret',
  CI_API_V4_URL: 'https://gitlab.example.com/api/v4',
  CI_PROJECT_ID: '5',
  CI_MERGE_REQUEST_IID: '7',
};

const revision = (id: string, revises: string | null, up: string): string =>
  `import { revision, t } from 'surefoot';
export default revision({ id: '${id}', revises: ${JSON.stringify(revises)}, message: 'm ${id}',
  upgrade(op) { ${up} }, downgrade: 'auto' });\n`;

// A dozen processes each, one after the other.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

let project: TempProject;

/** A command, as the service's shell runs it: the first failure ends it. */
function shell(command: string) {
  const given = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return project.run('env', [...given, 'bash', '-e', '-o', 'pipefail', '-c', command]);
}

function must(command: string): string {
  const { status, stdout, stderr } = shell(command);
  expect({ command, status, stderr: status === 0 ? '' : stderr + stdout }).toEqual({
    command,
    status: 0,
    stderr: '',
  });
  return stdout;
}

const runAll = (jobs: Jobs, job: string): void => {
  for (const command of jobs.get(job) ?? []) must(command);
};

const text = (file: string): string => readFileSync(join(project.folder, file), 'utf8');

beforeEach(() => {
  project = tempProject();
  for (const name of ['npm', 'gh', 'curl'])
    project.write(`node_modules/.bin/${name}`, `#!/bin/sh\necho "${name} $*" >> "$PWD/told.txt"\n`);
  must('chmod +x node_modules/.bin/npm node_modules/.bin/gh node_modules/.bin/curl');
  project.write('.gitignore', 'node_modules\n*.db*\n');
  project.write('kept/.gitkeep', '');
  project.write(
    'migrations/20240101000001_aaaa1111_person.ts',
    revision('aaaa1111', null, `op.createTable('person', (t) => ({ id: t.integer().primaryKey() }));`),
  );
  must('git init -q -b main . && git add -A && git -c user.name=a -c user.email=a@b.c commit -qm start');
  must('git update-ref refs/remotes/origin/main HEAD && npx surefoot upgrade && git checkout -q -b branch');
});
afterEach(() => project.remove());

function addRevision(up = `op.addColumn('person', 'mail', t.varchar(80));`): void {
  project.write('migrations/20240101000002_bbbb2222_mail.ts', revision('bbbb2222', 'aaaa1111', up));
  must('git add -A && git -c user.name=a -c user.email=a@b.c commit -qm mail');
}

test('the page has both workflows, and the reader finds every command of theirs', () => {
  const commands = (jobs: Jobs) => [...jobs.values()].flat().join('\n');
  for (const [file, jobs] of [
    ['.github/workflows/database.yml', github],
    ['.gitlab-ci.yml', gitlab],
  ] as const) {
    const written = (snippets.get(file) ?? '').match(/surefoot \w+/g);
    expect(written?.length).toBeGreaterThan(5);
    expect(commands(jobs).match(/surefoot \w+/g)).toEqual(written);
  }
  expect([...github.keys()]).toEqual(['review', 'deploy', 'drift']);
  expect([...gitlab.keys()]).toEqual(['default', 'rehearse', 'lint', 'plan', 'deploy', 'drift']);
});

describe('GitHub', () => {
  test('reviews, deploys with a backup, and finds no drift afterwards', () => {
    addRevision();
    runAll(github, 'review');
    expect(text('summary.md')).toMatch(/^# Rehearsal/);
    expect(JSON.parse(text('lint.sarif'))).toMatchObject({ version: '2.1.0' });
    expect(text('plan.md')).toMatch(/^### What the deploy would do\n```text\n[\s\S]*bbbb2222[\s\S]*```\n$/);
    expect(text('told.txt')).toContain('gh pr comment 7 --edit-last --create-if-none --body-file plan.md');
    runAll(github, 'deploy');
    expect(must('npx surefoot current --json')).toContain('bbbb2222');
    expect(existsSync(join(project.folder, 'kept/before-abc.dump'))).toBe(true);
    runAll(github, 'drift');
  });

  test('stops where a revision does not hold, and where the server was changed by hand', () => {
    addRevision(`op.addColumn('nobody', 'mail', t.varchar(80));`);
    const failed = (github.get('review') ?? []).map((command) => [command, shell(command).status]);
    expect(failed.filter(([, status]) => status !== 0).map(([command]) => command)).toContain(
      'npx surefoot rehearse --format markdown --out rehearsal.md',
    );
    must('git checkout -q main');
    must(`node -e "new (require('node:sqlite').DatabaseSync)('app.db').exec('DROP TABLE person')"`);
    const [last] = (github.get('drift') ?? []).slice(-1);
    expect(shell(last ?? '').status).toBe(1);
  });
});

describe('GitLab', () => {
  test('reviews, deploys with a backup, and finds no drift afterwards', () => {
    addRevision();
    for (const job of ['default', 'rehearse', 'lint', 'plan']) runAll(gitlab, job);
    expect(text('rehearsal.xml')).toContain('<testsuite');
    expect(text('plan.md')).toContain('bbbb2222');
    expect(text('told.txt')).toContain(
      'body@plan.md https://gitlab.example.com/api/v4/projects/5/merge_requests/7/notes',
    );
    runAll(gitlab, 'deploy');
    expect(must('npx surefoot current --json')).toContain('bbbb2222');
    expect(existsSync(join(project.folder, 'kept/before-abc.dump'))).toBe(true);
    runAll(gitlab, 'drift');
  });
});
