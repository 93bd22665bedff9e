import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { value } from '../args/option.ts';
import { answer, defineCommand } from '../command.ts';

/** `dump`: the live schema. */
export const dump = defineCommand({
  summary: 'The live schema as SQL that creates it in an empty database. No rows.',
  arguments: [],
  options: { out: value('Write it into a file', { short: 'o', placeholder: 'FILE' }) },
  examples: [
    ['surefoot dump', 'on standard output'],
    ['surefoot dump --out schema.sql', 'into a file of the project'],
  ],
  run: async ({ options: { out }, project }) => {
    const sql = await (await project.open()).dump();
    if (out === undefined)
      return answer({ data: { sql, file: null }, text: (shown) => shown.sql, isFile: true });
    const file = resolve(project.folder, out);
    await writeFile(file, sql);
    return answer({ data: { sql, file }, text: (shown, look) => `${look.good('Wrote')} ${shown.file}` });
  },
});
