import { describe, expect, test } from 'vitest';
import { globalOptions } from '../../src/cli/args/global-options.ts';
import type { OptionSpecs } from '../../src/cli/args/option.ts';
import { optionName } from '../../src/cli/args/option.ts';
import { usageLine } from '../../src/cli/help.ts';
import type { Verb } from '../../src/cli/verbs.ts';
import { verbs } from '../../src/cli/verbs.ts';
import type { SurefootConfig } from '../../src/config/define-config.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { applyAll } from '../../src/operations/apply.ts';
import type { ColumnBuilder } from '../../src/schema/column-builder.ts';
import { t } from '../../src/schema/column-builder.ts';
import { closeDraft, openDraft } from '../../src/schema/draft.ts';
import { defaultNaming } from '../../src/schema/naming.ts';
import { emptySchema } from '../../src/schema/schema.ts';
import { toTable } from '../../src/schema/table-builder.ts';
import { dialects } from './support/dialects.ts';
import { errorEntries } from './support/error-codes.ts';
import { expectGenerated } from './support/generated.ts';
import { markdownFiles, readPage } from './support/markdown.ts';

describe('errors', () => {
  test('there is a page for every code, and no other', () => {
    expect(errorEntries.length).toBeGreaterThan(60);
    const pages = markdownFiles('docs/errors').filter((file) => file !== 'docs/errors/README.md');
    expect(pages).toEqual(errorEntries.map(({ code }) => `docs/errors/${code}.md`).sort());
    const linked = readPage('docs/errors/README.md').links.map(({ target }) => target);
    for (const { code } of errorEntries) expect(linked).toContain(`${code}.md`);
  });

  test.each(errorEntries)('the page of $code names its facts', ({ code, members }) => {
    const page = readPage(`docs/errors/${code}.md`);
    expect(page.text.split('\n')[0]).toBe(`# ${code}`);
    expect(page.text).toContain('**What to do.**');
    const list = members.map(({ name, optional }) => `\`${name}\`${optional ? ' (where known)' : ''}`);
    const exit = code === 'usage/invalid' ? 64 : 2;
    const facts = list.length === 0 ? 'none' : list.join(', ');
    expectGenerated(
      `docs/errors/${code}.md`,
      'details',
      `Details: ${facts}. Exit code: ${exit}. [All errors](../README.md)`,
    );
  });
});

const portable: readonly (readonly [string, () => ColumnBuilder])[] = [
  ['t.smallint()', () => t.smallint()],
  ['t.integer()', () => t.integer()],
  ['t.integer().identity().primaryKey()', () => t.integer().identity().primaryKey()],
  ['t.bigint()', () => t.bigint()],
  ['t.numeric(10, 2)', () => t.numeric(10, 2)],
  ['t.numeric()', () => t.numeric()],
  ['t.real()', () => t.real()],
  ['t.double()', () => t.double()],
  ['t.boolean()', () => t.boolean()],
  ['t.varchar(255)', () => t.varchar(255)],
  ['t.varchar()', () => t.varchar()],
  ['t.char(2)', () => t.char(2)],
  ['t.text()', () => t.text()],
  ['t.date()', () => t.date()],
  ['t.time()', () => t.time()],
  ['t.timestamp()', () => t.timestamp()],
  ['t.timestamp({ precision: 3 })', () => t.timestamp({ precision: 3 })],
  ['t.timestamptz()', () => t.timestamptz()],
  ['t.json()', () => t.json()],
  ['t.uuid()', () => t.uuid()],
  ['t.binary()', () => t.binary()],
  ['t.binary(16)', () => t.binary(16)],
  ["t.enum('mood', ['sad', 'ok'])", () => t.enum('mood', ['sad', 'ok'])],
];

/** The column as CREATE TABLE of that server spells it, without its name. */
function spelled(builder: ColumnBuilder, { dialect }: (typeof dialects)[number]): string {
  const operations = [
    { kind: 'createEnum', enum: { namespace: null, name: 'mood', values: ['sad', 'ok'] } },
    { kind: 'createTable', table: toTable('a', { c: builder }) },
  ] as const;
  const naming = defaultNaming(dialect.traits.maxIdentifier);
  const segments = dialect.compile({ operations, before: emptySchema, naming });
  const sql = segments
    .flatMap(({ statements }) => statements.map((one) => one.sql))
    .find((one) => /TABLE/.test(one));
  const line = /\(\n\s+["`]c["`] ([^\n]*)/.exec(sql ?? '')?.[1] ?? '';
  return line
    .replace(/,$/, '')
    .replace(/ (?:NOT NULL|NULL DEFAULT NULL|DEFAULT NULL|NULL)(?= |$)/g, '')
    .trim();
}

test('column types are what the dialects make of them', () => {
  expect(closeDraft(draftOf()).enums).toHaveLength(1);
  const covered = new Set(portable.map(([text]) => /^t\.(\w+)/.exec(text)?.[1]));
  expect(Object.keys(t).filter((name) => !covered.has(name))).toEqual(['native']);
  const rows = portable.map(([text, make]) => {
    const cells = dialects.map((one) => `\`${spelled(make(), one)}\``);
    return `| ${[`\`${text}\``, ...cells].join(' | ')} |`;
  });
  const head = `| type | ${dialects.map(({ title }) => title).join(' | ')} |\n| ${'--- | '.repeat(5).trim()}`;
  expectGenerated('docs/column-types.md', 'types', `${head}\n${rows.join('\n')}`);
});

function draftOf() {
  const draft = openDraft(emptySchema);
  applyAll(draft, [{ kind: 'createEnum', enum: { namespace: null, name: 'mood', values: ['sad', 'ok'] } }]);
  return draft;
}

const cell = (text: string) => text.replaceAll('|', '\\|');

function optionTable(specs: OptionSpecs): string {
  const rows = Object.entries(specs).map(([key, { short, placeholder, summary }]) => {
    const name = `${short === null ? '' : `-${short}, `}--${optionName(key)}${placeholder === '' ? '' : ` ${placeholder}`}`;
    return `| \`${cell(name)}\` | ${cell(summary)} |`;
  });
  return ['| option | means |', '| --- | --- |', ...rows].join('\n');
}

async function verbSection(verb: Verb): Promise<string> {
  const command = await verb.load();
  const argumentRows = command.arguments.map(({ name, summary }) => `- \`${name}\`: ${summary}`);
  return [
    `### ${verb.name}`,
    command.summary,
    ...(command.description === undefined ? [] : [command.description]),
    `\`\`\`text\n${usageLine(verb, command)}\n\`\`\``,
    ...(verb.aliases.length === 0 ? [] : [`Also: ${verb.aliases.map((alias) => `\`${alias}\``).join(', ')}`]),
    ...(argumentRows.length === 0 ? [] : [argumentRows.join('\n')]),
    ...(Object.keys(command.options).length === 0 ? [] : [optionTable(command.options)]),
    `\`\`\`sh\n${command.examples.map(([example, does]) => `${example}  # ${does}`).join('\n')}\n\`\`\``,
  ].join('\n\n');
}

test('the page of the library has every method', () => {
  const { text } = readPage('docs/library.md');
  const methods = Object.keys(createSurefoot({ url: 'sqlite::memory:' }));
  expect(methods.filter((name) => !text.includes(`\`${name}(`))).toEqual([]);
});

test('the page of the command line is what --help says', async () => {
  expectGenerated('docs/cli.md', 'globals', optionTable(globalOptions));
  const sections = await Promise.all(verbs.map(verbSection));
  const index = `${verbs.map(({ name }) => `[\`${name}\`](#${name})`).join(' · ')}`;
  expectGenerated('docs/cli.md', 'verbs', [index, ...sections].join('\n\n'));
});

const configKeys: Readonly<Record<keyof SurefootConfig, true>> = {
  url: true,
  migrations: true,
  models: true,
  versionTable: true,
  versionNamespace: true,
  naming: true,
  lockTimeoutMs: true,
  tableLockTimeoutMs: true,
  tableLockRetries: true,
  concurrentWaitMs: true,
  directUrl: true,
  scratchUrl: true,
  clientTools: true,
  ignore: true,
  lint: true,
  online: true,
  rehearsal: true,
  autogenerate: true,
  fleet: true,
  keep: true,
  environments: true,
};

test('the page of the configuration has a row for every key, and for no other', () => {
  const rows = readPage('docs/configuration.md').text.match(/^\| `[^|]*\|/gm) ?? [];
  const named = rows.flatMap((row) => [...row.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
  expect([...new Set(named)].sort()).toEqual(Object.keys(configKeys).sort());
});
