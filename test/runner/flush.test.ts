// Of several steps only the last waits for the disk: whoever has seen it there has seen all before it.

import { expect, test } from 'vitest';
import { privateServer, selectedEngines } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { session } from './support.ts';

const note = (step: number) =>
  `op.execute("INSERT INTO seen SELECT ${step}, current_setting('synchronous_commit')", { inverse: [], effect: [] });`;

test.runIf(selectedEngines().includes('postgres18'))(
  'steps that others follow let the disk wait',
  async () => {
    const server = await privateServer('postgres18', { durable: true });
    using project = testProject(
      { id: 'aaaa', up: `op.createTable('seen', { step: t.integer(), value: t.text() }); ${note(1)}` },
      { id: 'bbbb', up: note(2) },
      { id: 'cccc', up: note(3) },
    );
    try {
      await project.surefoot({ url: server.url }).upgrade();
      const connection = await session(server.url);
      const { rows } = await connection.query('SELECT step, value FROM seen ORDER BY step');
      await connection.close();
      expect(rows.map(({ step, value }) => `${step} ${value}`)).toEqual(['1 off', '2 off', '3 on']);
    } finally {
      await server.stop();
    }
  },
);
