import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import {
  borrowServers,
  clientTools,
  freshDatabase,
  isServerEngine,
  parseEngines,
  privateServer,
  selectedEngines,
} from './index.ts';
import { keyringOf, mirrorIn } from './mirror.ts';
import { probe } from './probe.ts';

const run = promisify(execFile);

afterEach(() => {
  vi.unstubAllEnvs();
});

test('DIALECTS picks engines by name and by family', () => {
  vi.stubEnv('DIALECTS', 'sqlite, postgres,mysql');
  expect(selectedEngines()).toEqual(['sqlite', 'postgres14', 'postgres18', 'mysql9']);
  vi.stubEnv('DIALECTS', '');
  expect(selectedEngines()).toContain('mariadb');
});

test('an engine that does not exist is named, not left out', () => {
  expect(() => parseEngines(['sqlite', 'oracle'])).toThrow('There is no engine "oracle"');
});

test('the mirror is read from both formats of apt sources', () => {
  const deb822 =
    '# a remark\nTypes: deb\nURIs: http://mirror.test/debian\nSuites: any\n\nTypes: deb\nURIs: http://mirror.test/debian-security\n';
  expect(mirrorIn(deb822)?.uri).toBe('http://mirror.test/debian');
  expect(mirrorIn('# remark\ndeb [arch=amd64] https://mirror.test/pub/debian/ any main\n')?.uri).toBe(
    'https://mirror.test/pub/debian',
  );
  expect(mirrorIn('deb http://mirror.test/ubuntu any main\n')).toBeUndefined();
  expect(keyringOf('deb [signed-by=/nowhere/keyring.gpg] http://mirror.test/debian any main')).not.toContain(
    'nowhere',
  );
});

test('a server of one’s own that does not answer fails by the name of its variable', async () => {
  vi.stubEnv('SUREFOOT_TEST_MARIADB_URL', 'mariadb://me:secret@127.0.0.1:9/none');
  const failure = await freshDatabase('mariadb').catch((error: unknown) => String(error));
  expect(failure).toContain('SUREFOOT_TEST_MARIADB_URL names mariadb://me:***@127.0.0.1:9/none');
});

for (const engine of selectedEngines().filter(isServerEngine)) {
  test(`${engine}: a borrowed server gives fresh databases`, async () => {
    const { servers, release } = await borrowServers([engine]);
    const major = { postgres14: /^14\./, postgres18: /^18\./, mariadb: /^1\d\..*MariaDB/, mysql9: /^9\./ };
    expect(servers[engine].version).toMatch(major[engine]);
    const [one, other] = [await freshDatabase(engine), await freshDatabase(engine)];
    expect(one.url).not.toBe(other.url);
    await probe(one.url);
    await one.drop();
    await expect(probe(one.url)).rejects.toThrow();
    await other.drop();
    await release();
  });

  test(`${engine}: a private server survives being killed`, async () => {
    const server = await privateServer(engine, { durable: true });
    const before = server.pid;
    await server.kill();
    await expect(probe(server.url)).rejects.toThrow();
    await server.restart();
    expect(server.pid).not.toBe(before);
    await probe(server.url);
    await server.stop();
    await expect(probe(server.url)).rejects.toThrow();
  });

  test(`${engine}: its client tools run by name and by argument list`, async () => {
    const tools = await clientTools(engine);
    const name = {
      postgres14: 'pg_dump',
      postgres18: 'pg_dump',
      mariadb: 'mariadb-dump',
      mysql9: 'mysqldump',
    }[engine];
    const [program = '', ...args] = tools.argv(name);
    const direct = await run(program, [...args, '--version']);
    const wrapped = await run(`${tools.folder}/${name}`, ['--version']);
    expect(wrapped.stdout).toContain(name);
    expect(direct.stdout.split(' ').slice(1)).toEqual(wrapped.stdout.split(' ').slice(1));
    expect(() => tools.argv('vi')).toThrow('has no tool "vi"');
  });
}
