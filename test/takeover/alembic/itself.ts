// In: a project folder, a database. Out: Alembic, which does there what it is told.
// Must not know: Surefoot.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { alembicPython } from '../../servers/alembic.ts';

export interface AlembicGraph {
  /** As `upgrade heads` would go. */
  readonly order: readonly string[];
  readonly heads: readonly string[];
  readonly revisions: Readonly<
    Record<
      string,
      {
        readonly revises: readonly string[];
        readonly labels: readonly string[];
        readonly dependsOn: readonly string[];
        readonly message: string;
      }
    >
  >;
}

export interface AlembicItself {
  graph(): Promise<AlembicGraph>;
  upgrade(to: string): Promise<void>;
  downgrade(to: string): Promise<void>;
  close(): void;
}

/** As SQLAlchemy wants it. */
export function pythonUrl(url: string): string {
  if (url.startsWith('sqlite:')) return `sqlite:///${url.slice('sqlite:'.length)}`;
  return url
    .replace(/^postgres(ql)?:/, 'postgresql+psycopg2:')
    .replace(/^(mysql|mariadb):/, 'mysql+pymysql:');
}

/** A Python process that keeps Alembic loaded. */
export async function openAlembic(folder: string, url: string): Promise<AlembicItself> {
  const { argv, env } = await alembicPython();
  const [program = '', ...args] = argv;
  const child = spawn(program, [...args, join(import.meta.dirname, 'driver.py')], {
    cwd: folder,
    env: { ...env, DATABASE_URL: pythonUrl(url) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const words: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => words.push(text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (request: object): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`Alembic ended: ${words.join('').split('\n').slice(-12).join('\n')}`);
    const said = JSON.parse(value) as { readonly error?: string; readonly where?: readonly string[] };
    if (said.error !== undefined) throw new Error(`Alembic: ${said.error} ${said.where?.join(' ') ?? ''}`);
    return said;
  };
  return {
    graph: async () => (await ask({ do: 'graph' })) as AlembicGraph,
    upgrade: async (to) => void (await ask({ do: 'upgrade', to })),
    downgrade: async (to) => void (await ask({ do: 'downgrade', to })),
    close: () => child.kill('SIGKILL'),
  };
}
