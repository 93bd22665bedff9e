/** The journal as it is after the dump was loaded, and the entries that were kept from before. Quoted names. */
export interface KeptEntries {
  readonly journal: string;
  readonly kept: string;
  /** What stands before SELECT where ids are otherwise the server's to give. */
  readonly overriding?: string;
}

const columns = [
  'version_table',
  'run',
  'at',
  'event',
  'revision',
  'direction',
  'statement',
  'token',
  'data',
];

/**
 * SQL that puts the kept entries behind those of the dump, each once, ids and order kept. A journal that had been lost and
 * begun anew has used ids of the dump's: its entries then all move behind the dump's last.
 */
export function insertKept({ journal, kept, overriding = '' }: KeptEntries): string {
  const moved = `SELECT CASE WHEN EXISTS (
    SELECT 1 FROM ${kept} a JOIN ${journal} b ON b.id = a.id WHERE b.run <> a.run OR b.at <> a.at
  ) THEN (SELECT MAX(id) FROM ${journal}) ELSE 0 END AS shift`;
  return `INSERT INTO ${journal} (id, ${columns.join(', ')}) ${overriding}
SELECT k.id + m.shift, ${columns.map((column) => `k.${column}`).join(', ')}
FROM ${kept} k CROSS JOIN (${moved}) m
WHERE NOT EXISTS (SELECT 1 FROM ${journal} j WHERE j.id = k.id AND j.run = k.run AND j.at = k.at)
ORDER BY k.id`;
}
