import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { value } from '../args/option.ts';
import { answer, defineCommand } from '../command.ts';

/** `stats`: how large tables are. */
export const stats = defineCommand({
  summary: 'The sizes of the tables, as the server estimates them. Reads only.',
  description:
    'Committed as migrations/stats.json, the file tells `lint` which tables are large, without a database.',
  arguments: [],
  options: { out: value('Write them into a file', { short: 'o', placeholder: 'FILE' }) },
  examples: [['surefoot stats --out migrations/stats.json', 'for `lint`, without a database']],
  run: async ({ options: { out }, project }) => {
    const found = await (await project.open()).stats();
    const json = `${JSON.stringify(found, null, 2)}\n`;
    if (out === undefined) return answer({ data: found, text: () => json, isFile: true });
    const file = resolve(project.folder, out);
    await writeFile(file, json);
    return answer({ data: { ...found, file }, text: (shown, look) => `${look.good('Wrote')} ${shown.file}` });
  },
});
