import { expect, test } from 'vitest';
import { verbs } from '../../src/cli/verbs.ts';
import { type Grant, type Role, roles } from '../security/roles.ts';
import { expectGenerated } from './support/generated.ts';
import { readPage } from './support/markdown.ts';

const verbList = ({ verbs }: Role): string =>
  verbs.map((verb) => (verb === 'assertReady' ? '`assertReady()`' : `\`${verb}\``)).join(', ');

/** The statement on its own lines, what it is for above it. */
const written =
  (role: Role) =>
  ({ sql, why, felt }: Grant): string => {
    const text = sql.replaceAll('{role}', `shop_${role.name}`).replaceAll('{database}', 'shop');
    const servers = { postgres14: 'PostgreSQL 14 to 17', mysql9: 'MySQL' } as const;
    const only = felt?.flatMap((engine) =>
      engine === 'postgres14' || engine === 'mysql9' ? [servers[engine]] : [],
    );
    const where =
      only === undefined ? '' : only.length === 0 ? ' (not refused without it)' : ` (${only.join(', ')})`;
    return `-- ${why}${where}\n${text};`;
  };

function section(role: Role): string {
  const block = (grants: readonly Grant[]) => `\`\`\`sql\n${grants.map(written(role)).join('\n')}\n\`\`\``;
  return [
    `### The ${role.name}`,
    `It ${role.summary}: ${verbList(role)}.`,
    'PostgreSQL:',
    block(role.postgres),
    'MySQL and MariaDB:',
    block(role.mysql),
  ].join('\n\n');
}

test('the grants on the page are those that are tried', () => {
  expectGenerated('docs/security.md', 'grants', roles.map(section).join('\n\n'));
});

test('the page says of every verb what it needs', () => {
  const { text } = readPage('docs/security.md');
  const accounts = text.slice(text.indexOf('## Four accounts'));
  expect(verbs.map(({ name }) => name).filter((name) => !accounts.includes(`\`${name}\``))).toEqual([]);
});
