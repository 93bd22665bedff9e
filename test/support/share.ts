/** The whole of a long proof where SUREFOOT_LONG=1 asks for it, otherwise the share that every run of the tests has. */
export function share(whole: number, part: number): number {
  return process.env['SUREFOOT_LONG'] === '1' ? whole : part;
}
