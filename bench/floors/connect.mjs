// The least that a tool in JavaScript can do: start, connect, ask which revision is recorded, ask for the fingerprint.
// In: DATABASE_URL, the query in a file. Out: nothing.

import { readFileSync } from 'node:fs';
import pg from 'pg';

const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.query('SELECT version_num FROM surefoot_version').catch(() => null);
await client.query(readFileSync(process.argv[2], 'utf8'));
await client.end();
