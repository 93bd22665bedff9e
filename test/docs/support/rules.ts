// What the examples of a rule's page make lint say.
// In: the page. Out: findings, as text. Must not know any particular rule.

import { basename } from 'node:path';
import { lintText } from '../../../src/cli/text/lint.ts';
import { lookOf } from '../../../src/cli/text/look.ts';
import type { LintReport } from '../../../src/library/lint-choices.ts';
import { createSurefoot } from '../../../src/library/surefoot.ts';
import type { Rule } from '../../../src/lint/rule.ts';
import type { Flavor } from '../../../src/schema/schema.ts';
import type { Page, Snippet } from './markdown.ts';
import { wordOf } from './markdown.ts';
import { snippetOf, wrap } from './operations.ts';
import type { TempProject } from './temp-project.ts';

/** URLs of nobody: a rule's examples ask no server. */
const urls: Readonly<Record<Flavor, string>> = {
  postgres: 'postgres://localhost/example',
  mysql: 'mysql://localhost/example',
  mariadb: 'mariadb://localhost/example',
  sqlite: 'sqlite::memory:',
};
const titles: Readonly<Record<Flavor, string>> = {
  postgres: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  sqlite: 'SQLite',
};

/** `version=14.2`: the statistics of a server of that version, without tables. */
function statisticsOf(snippet: Snippet, server: Flavor) {
  const version = wordOf(snippet, 'version');
  if (version === null) return {};
  const product = `${titles[server]} ${version}`;
  return { statistics: { format: 1, takenAt: '2026-01-01T00:00:00.000Z', product, tables: [] } } as const;
}

const flavorsOf = ({ flavors }: Rule): readonly Flavor[] =>
  flavors === 'all' ? ['postgres', 'mysql', 'mariadb', 'sqlite'] : flavors;

/** The servers that a snippet is for: `server=mysql`, or all that the rule is about. */
function serversOf(snippet: Snippet, rule: Rule): readonly Flavor[] {
  const word = wordOf(snippet, 'server');
  return word === null ? flavorsOf(rule) : flavorsOf(rule).filter((one) => one === word);
}

/** An example of the page, as lint sees it on one server. */
export interface Judged {
  readonly snippet: Snippet;
  readonly server: Flavor;
  readonly report: LintReport;
}

/** The revision without a way back: an example need not say what undoes it. */
const oneWay = (revision: string): string =>
  revision
    .replace(/^import \{/, 'import { irreversible as noWayBack,')
    .replace("downgrade: 'auto'", "downgrade: noWayBack('an example')");

/** The examples with that word, on each of their servers. */
export async function judge(
  page: Page,
  rule: Rule,
  { word, project }: { readonly word: 'found' | 'sound'; readonly project: TempProject },
): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  const snippets = page.snippets.filter(({ words }) => words.includes(word));
  for (const [index, snippet] of snippets.entries()) {
    const folder = `rules/${rule.id}/${word}-${index}`;
    project.write(
      `${folder}/before.ts`,
      oneWay(wrap(snippetOf(page, 'before'), { id: 'before', revises: null })),
    );
    project.write(`${folder}/example.ts`, oneWay(wrap(snippet.text, { id: 'example', revises: 'before' })));
    for (const server of serversOf(snippet, rule)) {
      const lint = rule.isOptIn ? { rules: { [rule.id]: rule.severity } } : {};
      const surefoot = createSurefoot({
        url: urls[server],
        migrations: folder,
        projectFolder: project.folder,
        lint,
      });
      const report = await surefoot.lint({
        files: [`${folder}/example.ts`],
        ...statisticsOf(snippet, server),
      });
      judged.push({
        snippet,
        server,
        report: { ...report, findings: report.findings.filter(({ rule: id }) => id === rule.id) },
      });
      await surefoot.close();
    }
  }
  return judged;
}

const plain = lookOf({ hasColor: false, columns: 100, isTty: false });

/** The findings of all examples, each text once with the servers that it is for. */
export function findingsSection(judged: readonly Judged[], project: TempProject): string {
  const texts = new Map<string, string[]>();
  for (const { report, server } of judged) {
    const shown = {
      ...report,
      findings: report.findings.map((one) => ({ ...one, file: basename(one.file) })),
    };
    const text = lintText(shown, '', plain)
      .split('\n\n')
      .slice(0, -1)
      .join('\n\n')
      .replaceAll(project.folder, '');
    texts.set(text, [...(texts.get(text) ?? []), titles[server]]);
  }
  return [...texts]
    .map(([text, servers]) => `${[...new Set(servers)].join(', ')}:\n\n\`\`\`text\n${text}\n\`\`\``)
    .join('\n\n');
}

/** What the head of a rule's page says. */
export function headOf(rule: Rule): string {
  const servers = rule.flavors === 'all' ? 'all' : rule.flavors.map((one) => titles[one]).join(', ');
  const facts = [
    rule.summary,
    '',
    '| severity | servers | `lint --fix` |',
    '| --- | --- | --- |',
    `| ${rule.severity}${rule.isOptIn ? ', off unless turned on' : ''} | ${servers} | ${rule.fix ? 'rewrites it' : 'no safe form that can be written without you'} |`,
  ];
  return facts.join('\n');
}
