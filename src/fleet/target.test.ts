import { expect, test } from 'vitest';
import { targetOf, urlOfSchema } from './target.ts';

const read = (wish: Parameters<typeof targetOf>[0], base: string | null = null) =>
  targetOf(wish, { key: 'k', base, folder: '/p' });

test('a name never holds a password', () => {
  const pg = read({ url: 'postgres://ann:s3cret@db:6000/shop?sslmode=disable' });
  expect(pg).toMatchObject({ name: 'postgres://db:6000/shop', server: 'db:6000' });
  const mysql = read({ url: 'mysql://ann:s3cret@db/shop' });
  expect(mysql).toMatchObject({ name: 'mysql://db:3306/shop', server: 'db:3306' });
  expect(read({ name: 'postgres://ann:s3cret@db/shop', url: 'sqlite:a.db' }).name).toBe(
    'postgres://ann:***@db/shop',
  );
  expect(read({ url: 'sqlite:./a.db' })).toMatchObject({ name: '/p/a.db', server: null });
  expect(() => read({ url: 'ftp://ann:s3cret@db/x' })).toThrow(/^(?!.*s3cret)/);
});

test('a schema of a database', () => {
  const base = 'postgres://ann:s3cret@db/shop?schema=old&sslmode=disable';
  expect(read({ schema: 'ten "a"' }, base)).toMatchObject({
    name: 'ten "a"',
    server: 'db:5432',
    url: 'postgres://ann:s3cret@db/shop?sslmode=disable&schema=ten%20%22a%22',
  });
  expect(read({ url: base }).name).toBe('postgres://db:5432/shop?schema=old');
  expect(urlOfSchema('mysql://a:b@db/x?ssl=1', 'tenant/1')).toBe('mysql://a:b@db/tenant%2F1?ssl=1');
  expect(urlOfSchema('mysql://a:b@db', 't')).toBe('mysql://a:b@db/t');
});
