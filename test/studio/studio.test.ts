import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSurefoot } from '../../src/library/surefoot.ts';
import type { ReportData } from '../../src/report/report.ts';
import type { News } from '../../src/studio/news.ts';
import type { Studio } from '../../src/studio/studio.ts';
import { startStudio } from '../../src/studio/studio.ts';
import { cliProject, columnsOf, onDatabase, userRevisions } from '../cli/stories.ts';
import { cli } from '../support/cli.ts';
import type { TestProject } from '../support/revisions.ts';

const open = (project: TestProject) => async () =>
  createSurefoot({ url: 'sqlite:./app.db', projectFolder: project.folder });

async function withStudio(project: TestProject, work: (studio: Studio) => Promise<void>): Promise<void> {
  const folders = [join(project.folder, 'migrations')];
  const studio = await startStudio({ open: open(project), folders, title: 'test', port: 0, everyMs: 30 });
  try {
    await work(studio);
  } finally {
    await studio.close();
  }
}

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** As fetch does, but with any header. */
function ask(
  url: string,
  options: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, options, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    request.on('error', reject).end(options.method === 'POST' ? '{}' : undefined);
  });
}

const own = ({ url }: Studio, more: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { origin: url.slice(0, -1), 'content-type': 'application/json', ...more },
});

/** News until one of them is as wanted. */
async function newsUntil({ url }: Studio, isWanted: (news: News) => boolean): Promise<readonly News[]> {
  const seen: News[] = [];
  const response = await fetch(`${url}events`);
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of response.body ?? []) {
    rest += decoder.decode(piece, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data === undefined) continue;
      seen.push(JSON.parse(data) as News);
      if (isWanted(JSON.parse(data) as News)) return seen;
    }
  }
  throw new Error('the studio closed');
}

describe('studio', () => {
  test('serves the page and the report on loopback, with a strict policy, and to nobody else', async () => {
    using project = cliProject(...userRevisions);
    await withStudio(project, async (studio) => {
      const { url } = studio;
      expect(new URL(url).hostname).toBe('127.0.0.1');
      const page = await ask(url);
      expect(page.status).toBe(200);
      expect(page.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
      expect(page.headers['content-security-policy']).toMatch(
        /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; .*connect-src 'self'; frame-ancestors 'none'$/,
      );
      expect(page.headers['access-control-allow-origin']).toBeUndefined();
      expect(page.body).toContain('{"live":true}');
      const report = JSON.parse((await ask(`${url}report.json`)).body) as ReportData;
      expect(report).toMatchObject({
        title: 'test',
        database: { pending: ['aaaa1111', 'bbbb2222', 'cccc3333'] },
      });
      for (const host of ['evil.example', `evil.example:${new URL(url).port}`, '127.0.0.1:1', '[::1]:1'])
        for (const path of ['', 'report.json', 'events'])
          expect((await ask(`${url}${path}`, { headers: { host } })).status).toBe(421);
      expect((await ask(`${url}other`)).status).toBe(404);
      expect((await ask(`${url}actions/plan`)).status).toBe(404);
      expect((await ask(url, { method: 'PUT' })).status).toBe(405);
    });
  });

  test('plans, checks and rehearses by button; changes nothing without the token', async () => {
    using project = cliProject(...userRevisions.slice(0, 2));
    await withStudio(project, async (studio) => {
      const at = (name: string) => `${studio.url}actions/${name}`;
      const textOf = async (name: string) => JSON.parse((await ask(at(name), own(studio))).body).text;
      expect(await textOf('plan')).toContain('pending   create table user');
      expect(await textOf('check')).toContain('error history/pending');
      expect(await textOf('rehearse')).toContain('Nothing failed');
      expect(
        JSON.parse((await ask(`${studio.url}report.json`)).body).rehearsal.results.length,
      ).toBeGreaterThan(3);
      const { token } = studio;
      const wrong = [
        own(studio),
        own(studio, { 'x-surefoot-token': `${token.slice(0, -1)}!` }),
        own(studio, { 'x-surefoot-token': '' }),
        own(studio, { 'x-surefoot-token': token, origin: 'http://evil.example' }),
        { method: 'POST', headers: { 'x-surefoot-token': token, 'content-type': 'application/json' } },
      ];
      for (const one of wrong) expect((await ask(at('upgrade'), one)).status).toBe(403);
      const form = own(studio, { 'x-surefoot-token': token, 'content-type': 'text/plain' });
      expect((await ask(at('upgrade'), form)).status).toBe(415);
      expect((await ask(at('__proto__'), own(studio))).status).toBe(404);
      expect(await (await open(project)()).current()).toMatchObject({ heads: [] });
      const done = await ask(at('upgrade'), own(studio, { 'x-surefoot-token': token }));
      expect(JSON.parse(done.body).text).toContain('The database stands at bbbb2222.');
      expect(columnsOf(project, 'user')).toEqual(['id', 'name', 'phone', 'token']);
    });
  });

  test('what would destroy values is not done by button', async () => {
    using project = cliProject(...userRevisions);
    await (await open(project)()).upgrade('bbbb2222');
    onDatabase(project, (db) => db.exec(`INSERT INTO "user" (id, phone) VALUES (1, '1')`));
    await withStudio(project, async (studio) => {
      const given = own(studio, { 'x-surefoot-token': studio.token });
      const { body } = await ask(`${studio.url}actions/upgrade`, given);
      expect(JSON.parse(body).text).toContain('Nothing was changed');
      expect(columnsOf(project, 'user')).toContain('phone');
    });
  });

  test('tells of an upgrade elsewhere: who holds the lock, how far it is, and that there is another report', async () => {
    using project = cliProject(...userRevisions.slice(0, 2));
    await withStudio(project, async (studio) => {
      const first = await newsUntil(studio, ({ pending }) => pending.length === 2);
      const version = first.at(-1)?.version ?? 0;
      const running = newsUntil(studio, ({ pending, lock }) => pending.length === 0 && lock === null);
      const surefoot = createSurefoot({
        url: 'sqlite:./app.db',
        projectFolder: project.folder,
        who: { osUser: 'somebody', host: 'elsewhere' },
        hooks: { afterStep: () => new Promise((done) => setTimeout(done, 400)) },
      });
      await surefoot.upgrade();
      const news = await running;
      expect(news.some(({ lock }) => lock?.owner.includes('somebody'))).toBe(true);
      expect(news.some(({ progress }) => progress?.done === 1 && progress.total === 2)).toBe(true);
      expect(news.at(-1)).toMatchObject({ heads: ['bbbb2222'], progress: null, problem: null });
      expect(news.at(-1)?.version).toBeGreaterThan(version);
    });
  });

  test('a new file is another report; a database that cannot be asked is said', async () => {
    using project = cliProject(...userRevisions.slice(0, 1));
    await withStudio(project, async (studio) => {
      await newsUntil(studio, ({ pending }) => pending.length === 1);
      project.write(...userRevisions.slice(1, 2));
      await newsUntil(studio, ({ pending }) => pending.length === 2);
      expect(JSON.parse((await ask(`${studio.url}report.json`)).body).chain).toHaveLength(2);
      project.writeFile('migrations/20990101000000_zzzz9999_broken.ts', 'export default 1;');
      const told = await newsUntil(studio, ({ problem }) => problem !== null);
      expect(told.at(-1)?.problem).toContain('zzzz9999_broken.ts');
      const report = await ask(`${studio.url}report.json`);
      expect(report.status).toBe(500);
      expect(JSON.parse(report.body).error).toContain('zzzz9999_broken.ts');
    });
  });

  test('on the command line: an address and a token on stderr, an end when it is interrupted', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    const result = await cli(['studio', '--json'], {
      cwd,
      onStart: (child) => {
        let said = '';
        child.stderr?.on('data', (text: string) => {
          said += text;
          if (/token\s+\S+\n/.test(said)) child.kill('SIGINT');
        });
      },
    });
    expect(result.err).toMatch(/^Studio {2}http:\/\/127\.0\.0\.1:\d+\/\ntoken {3}[\w-]{24}\n$/);
    expect(JSON.parse(result.out)).toEqual({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/) });
    expect(result.code).toBe(0);
  });
});
