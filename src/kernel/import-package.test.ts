import { expect, test } from 'vitest';
import { importPackage } from './import-package.ts';

test('a package that is there is given', async () => {
  expect(await importPackage('node:path', () => import('node:path'))).toHaveProperty('resolve');
});

test('a missing package is refused with the command that installs it', async () => {
  const name = '@no-such-scope/no-such-package';
  await expect(importPackage(name, () => import(name))).rejects.toMatchObject({
    code: 'driver/missing',
    details: { package: name },
    hint: `npm install ${name}`,
  });
});

test('a package that lacks another one, or fails, keeps its own error', async () => {
  const missing = Object.assign(new Error("Cannot find package 'other' imported from /x/pg/index.js"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  await expect(importPackage('pg', () => Promise.reject(missing))).rejects.toBe(missing);
  const failed = new TypeError("'pg' is broken");
  await expect(importPackage('pg', () => Promise.reject(failed))).rejects.toBe(failed);
});
