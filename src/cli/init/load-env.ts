// The lines of a config that read a `.env` file. In: nothing. Out: text. Must not know what stands in the file.

/** A container or a pipeline has variables and no such file. */
export const importOfEnv = "import { existsSync } from 'node:fs';";

export const linesOfEnv: readonly string[] = [
  '',
  '// Variables that are set win over those of the file.',
  "const env = new URL('.env', import.meta.url);",
  'if (existsSync(env)) process.loadEnvFile(env);',
];
