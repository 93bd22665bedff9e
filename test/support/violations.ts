import type { Connection } from '../../src/dialect/connection.ts';
import type { RebuildGuard } from '../../src/dialect/dialect.ts';
import { textOf } from '../../src/dialect/rows.ts';

/** Throws where rows refer to nothing, or where that cannot be told. */
export async function refuseViolations(connection: Connection, guard: RebuildGuard | null): Promise<void> {
  if (guard === null) throw new Error('this dialect rebuilds nothing');
  for (const row of (await connection.query(guard.referrers)).rows) {
    const { rows } = await connection.query(guard.violations(textOf(row, 'name') ?? ''));
    if (rows.length > 0) throw new Error(`violations: ${JSON.stringify(rows)}`);
  }
}
