import { defineConfig } from 'surefoot';

export default defineConfig({
  url: process.env.DATABASE_URL ?? 'sqlite:./todobox.db',
  migrations: './migrations',
  models: './schema.ts',
});
