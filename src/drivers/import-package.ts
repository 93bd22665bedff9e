import { SurefootError } from '../kernel/errors.ts';
import { textMember } from './failure.ts';

/** Imports an optional package; a missing one is refused with the command that installs it. */
export async function importPackage<M>(name: string, load: () => Promise<M>): Promise<M> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error, name)) throw error;
    throw new SurefootError('driver/missing', `the package "${name}" is not installed`, {
      details: { package: name },
      hint: `npm install ${name}`,
      cause: error,
    });
  }
}

function isMissing(error: unknown, name: string): boolean {
  const code = textMember(error, 'code');
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return false;
  return (textMember(error, 'message') ?? '').includes(`'${name}'`);
}
