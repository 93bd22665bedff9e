// A process that connects, and is done. In: DATABASE_URL. Out: nothing.

import pg from 'pg';

const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.end();
