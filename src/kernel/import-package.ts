import { SurefootError } from './errors.ts';

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

/** Node names the package that it did not find; a package that is there may itself lack another one. */
function isMissing(error: unknown, name: string): boolean {
  const code = errorCode(error);
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return false;
  return (
    error instanceof Error && (error.message.includes(`'${name}'`) || error.message.includes(`'${name}/`))
  );
}

/** The `code` of an error that has one. */
export function errorCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
