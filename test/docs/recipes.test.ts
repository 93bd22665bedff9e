// What recipes for deploys say, as far as it can be tried without the machinery that they are for.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { problemOf } from './support/commands.ts';
import { readPage, root, wordOf } from './support/markdown.ts';
import { parseYaml, type Yaml } from './support/yaml.ts';

const files = (page: string): ReadonlyMap<string, string> =>
  new Map(readPage(page).snippets.map((snippet) => [wordOf(snippet, 'file') ?? '', snippet.text]));

const at = (value: Yaml | undefined, ...path: readonly (string | number)[]): Yaml | undefined =>
  path.reduce<Yaml | undefined>(
    (found, key) =>
      typeof found === 'object' && found !== null
        ? (found as Readonly<Record<string, Yaml>>)[key]
        : undefined,
    value,
  );

const expectCommand = async (args: readonly string[]): Promise<void> =>
  expect(await problemOf({ text: `surefoot ${args.join(' ')}`, line: 0 })).toBeNull();

interface Stage {
  readonly from: string;
  readonly name: string;
  readonly lines: readonly string[];
}

const known = /^(ARG|CMD|COPY|ENTRYPOINT|ENV|RUN|USER|WORKDIR) /;

function stagesOf(text: string): readonly Stage[] {
  const stages: { from: string; name: string; lines: string[] }[] = [];
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
    const [, from = '', name = ''] = /^FROM (\S+) AS (\S+)$/.exec(line) ?? [];
    if (from !== '') stages.push({ from, name, lines: [] });
    else stages.at(-1)?.lines.push(line);
  }
  return stages;
}

describe('the container', () => {
  const given = files('docs/recipes/container.md');
  const stages = stagesOf(given.get('Dockerfile') ?? '');
  const compose = parseYaml(given.get('compose.yaml') ?? '');
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

  test('is built of stages that are there, by instructions that are known', () => {
    expect(stages.map(({ name }) => name)).toEqual(['packages', 'migrations', 'application']);
    for (const [index, { lines }] of stages.entries()) {
      expect(lines.filter((line) => !known.test(line))).toEqual([]);
      const used = lines.flatMap((line) => /^COPY --from=(\S+)/.exec(line)?.[1] ?? []);
      const earlier = stages.slice(0, index).map(({ name }) => name);
      expect(used.filter((name) => !earlier.includes(name))).toEqual([]);
      const forms = lines.flatMap((line) => /^(?:CMD|ENTRYPOINT) (.*)$/.exec(line)?.[1] ?? []);
      for (const form of forms) expect(JSON.parse(form)).toBeInstanceOf(Array);
    }
    const major = Number(/node:(\d+)-/.exec(stages[0]?.from ?? '')?.[1]);
    expect(major).toBeGreaterThanOrEqual(Number(/\d+/.exec(manifest.engines.node)?.[0]));
  });

  test('runs the file that the package has, as nobody in particular', async () => {
    const lines = stages.find(({ name }) => name === 'migrations')?.lines ?? [];
    const [, program] = JSON.parse(lines.find((line) => line.startsWith('ENTRYPOINT'))?.slice(11) ?? '[]');
    expect(program).toBe(join('node_modules/surefoot', manifest.bin.surefoot));
    expect(lines).toContain('USER node');
    await expectCommand(JSON.parse(lines.find((line) => line.startsWith('CMD'))?.slice(4) ?? '[]'));
  });

  test('is what compose builds, and the application waits for it', () => {
    const services = at(compose, 'services');
    expect(Object.keys(services ?? {})).toEqual(['database', 'migrations', 'application']);
    for (const service of ['migrations', 'application'])
      expect(stages.map(({ name }) => name)).toContain(at(services, service, 'build', 'target'));
    expect(at(services, 'application', 'depends_on', 'migrations', 'condition')).toBe(
      'service_completed_successfully',
    );
  });
});

describe('the job', () => {
  const given = files('docs/recipes/kubernetes.md');
  const job = parseYaml(given.get('migrate.yaml') ?? '');
  const secret = parseYaml(given.get('deployer.yaml') ?? '');
  const pod = at(job, 'spec', 'template', 'spec');

  test('is a job that tries again what was cut off, and nothing that was refused', () => {
    expect(job).toMatchObject({ apiVersion: 'batch/v1', kind: 'Job' });
    expect(at(pod, 'restartPolicy')).toBe('Never');
    // The first rule that fits counts, and a pod that is evicted stops in an orderly way, with code 2.
    const [disrupted, refused] = [0, 1].map((index) => at(job, 'spec', 'podFailurePolicy', 'rules', index));
    expect(at(refused, 'onExitCodes', 'values')).toEqual([1, 2, 64]);
    expect(at(refused, 'onExitCodes', 'containerName')).toBe(at(pod, 'containers', 0, 'name'));
    expect(disrupted).toMatchObject({ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] });
    expect(at(job, 'metadata', 'labels')).toEqual(at(job, 'spec', 'template', 'metadata', 'labels'));
  });

  test('gives commands that there are, and the secret that there is', async () => {
    for (const container of [at(pod, 'initContainers', 0), at(pod, 'containers', 0)]) {
      await expectCommand(at(container, 'args') as readonly string[]);
      expect(at(container, 'envFrom', 0, 'secretRef', 'name')).toBe(at(secret, 'metadata', 'name'));
      expect(at(container, 'securityContext', 'readOnlyRootFilesystem')).toBe(true);
      const mounted = (index: number) => at(container, 'volumeMounts', index, 'name');
      expect([0, 1].map((index) => at(pod, 'volumes', index, 'name'))).toEqual([0, 1].map(mounted));
    }
    const url = new URL(String(at(secret, 'stringData', 'DATABASE_URL')));
    expect(url.protocol).toBe('postgres:');
    const folder = at(pod, 'containers', 0, 'volumeMounts', 1, 'mountPath');
    expect(url.searchParams.get('sslrootcert')).toBe(`${folder}/ca.pem`);
  });
});

test('the pipeline of a release runs scripts that there are, and may sign', () => {
  const workflow = parseYaml(files('docs/releasing.md').get('.github/workflows/release.yml') ?? '');
  const job = at(workflow, 'jobs', 'publish');
  expect(at(job, 'permissions')).toEqual({ contents: 'write', 'id-token': 'write' });
  const steps = at(job, 'steps') as readonly { readonly [key: string]: Yaml }[];
  const commands = steps.flatMap(({ run }) => (typeof run === 'string' ? [run] : []));
  const { scripts, publishConfig } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const named = commands.flatMap((command) => /^npm run (\S+)/.exec(command)?.[1] ?? []);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
  const publish = 'npm publish --provenance --access public';
  expect(commands.filter((command) => command.startsWith(publish))).toEqual([
    publish,
    `${publish} --tag next`,
  ]);
  expect(publishConfig).toEqual({ access: 'public', provenance: true });
});

test('YAML that is not plain is refused', () => {
  expect(parseYaml('a: 1\nb:\n  - c: x\n    d: [e, "f"]\n  - g\n')).toEqual({
    a: 1,
    b: [{ c: 'x', d: ['e', 'f'] }, 'g'],
  });
  for (const wrong of ['a: &b c', 'a: 1\n   b: 2', 'a: 1\na: 2', 'a: |\n  x', 'a: b: c'])
    expect(() => parseYaml(wrong), wrong).toThrow();
});
