import { expect, test } from 'vitest';
import { callerFolder, wantsColor } from './shell.ts';

test.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ TERM: 'dumb' }, true, false],
])('colours with %o, terminal %s: %s', (env, isTty, wanted) => {
  expect(wantsColor(env, isTty)).toBe(wanted);
});

test.each([
  [{}, '/p'],
  [{ INIT_CWD: '/caller' }, '/caller'],
  [{ INIT_CWD: '/caller', npm_package_json: '/p/package.json' }, '/caller'],
  [{ INIT_CWD: '/caller', npm_package_json: '/elsewhere/package.json' }, '/p'],
])('the folder of the caller with %o: %s', (env, wanted) => {
  expect(callerFolder(env, '/p')).toBe(wanted);
});
