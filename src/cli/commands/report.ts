import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isSurefootError, SurefootError } from '../../kernel/errors.ts';
import { errorCode } from '../../kernel/import-package.ts';
import type { ReportChoices } from '../../library/report-choices.ts';
import type { Rehearsal } from '../../rehearsal/rehearsal.ts';
import { readRehearsal } from '../../report/rehearsal-file.ts';
import type { ReportData } from '../../report/report.ts';
import { reportMarkdown } from '../../report/write-markdown.ts';
import { choice, flag, value } from '../args/option.ts';
import type { Call } from '../command.ts';
import { answer, answerBoth, defineCommand } from '../command.ts';
import { originsIn } from '../runs/origins.ts';
import { oneLine } from '../text/clean.ts';
import { counted } from '../text/words.ts';

const options = {
  out: value('Write it into a file', { short: 'o', placeholder: 'FILE' }),
  format: choice('What is written; default: what the name of the file says, else html', [
    'html',
    'markdown',
    'json',
  ]),
  rehearsal: value('Also the result of a rehearsal: a file of `surefoot rehearse --json`', {
    placeholder: 'FILE',
  }),
  sql: choice('Whose SQL it tells: this server’s, every server’s, none; default: all, up to 1000 revisions', [
    'own',
    'all',
    'none',
  ]),
  noDatabase: flag('Files only: no database is asked'),
  title: value('What stands above it; default: the name of the project’s folder'),
};

type ReportCall = Call<typeof options>;
type Format = 'html' | 'markdown' | 'json';

function unreadable(file: string, code: string, cause?: unknown): SurefootError {
  const what = code === 'ENOENT' ? 'there is no such file' : 'it holds no result of a rehearsal';
  return new SurefootError('file/failed', `${file}: ${what}`, {
    details: { file, code },
    hint: 'Write it with `surefoot rehearse --json > FILE`.',
    cause,
  });
}

async function rehearsalIn(given: string | undefined, folder: string): Promise<Rehearsal | undefined> {
  if (given === undefined) return undefined;
  const file = resolve(folder, given);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadable(file, errorCode(cause) ?? 'unreadable', cause);
  });
  const found = readRehearsal(text);
  if (found === null) throw unreadable(file, 'unreadable');
  return found;
}

/** A database that the command line names has to answer; one that the config names is left out, and that is said. */
async function read(call: ReportCall): Promise<ReportData> {
  const { project, globals, talk, look } = call;
  const config = await project.config();
  const choices: ReportChoices = {
    title: call.options.title,
    sql: call.options.sql,
    rehearsal: await rehearsalIn(call.options.rehearsal, project.folder),
    origins: await originsIn(config.migrations),
  };
  const surefoot = await project.open();
  if (call.options.noDatabase || config.url === null)
    return await surefoot.report({ ...choices, database: false });
  try {
    return await surefoot.report({ ...choices, database: true });
  } catch (error) {
    if (globals.url !== undefined || !isSurefootError(error) || !error.code.startsWith('database/'))
      throw error;
    talk(look.dim(`The files alone: ${oneLine(error.message)}`));
    const notes = [`The database was not asked: ${error.message}`];
    return await surefoot.report({ ...choices, database: false, notes });
  }
}

const endings: Readonly<Record<string, Format>> = { md: 'markdown', markdown: 'markdown', json: 'json' };

function formatOf({ format, out }: ReportCall['options']): Format {
  const ending = /\.([a-z]+)$/i.exec(out ?? '')?.[1]?.toLowerCase() ?? '';
  return format ?? (Object.hasOwn(endings, ending) ? endings[ending] : undefined) ?? 'html';
}

async function written(data: ReportData, format: Format): Promise<string> {
  if (format === 'markdown') return reportMarkdown(data);
  if (format === 'json') return `${JSON.stringify(data, null, 2)}\n`;
  const { reportHtml } = await import('../../report/write-html.ts');
  return reportHtml(data);
}

/** `report`: everything there is to see, to be attached to a ticket. */
export const report = defineCommand({
  summary: 'Everything there is to see, as one page that needs nothing but itself. Changes nothing.',
  description:
    'The chain with its states, the schema at any revision, server, history and models side by side, findings, hazards, the journal. Where a database is named and answers it is asked; otherwise the files alone are shown.',
  arguments: [],
  options,
  examples: [
    ['surefoot report --out report.html', 'one HTML file: no network, works from disk'],
    ['surefoot report --no-database --out history.html', 'what the files say'],
    ['surefoot report --format markdown', 'for a ticket or a pull request'],
    ['surefoot report --rehearsal rehearsal.json --out report.html', 'with the result of a rehearsal'],
  ],
  run: async (call) => {
    const data = await read(call);
    const format = formatOf(call.options);
    const { out } = call.options;
    if (out === undefined) {
      const text = await written(data, format);
      return answerBoth({ data, shown: null, text: () => text, isFile: true });
    }
    const file = resolve(call.project.folder, out);
    const text = await written(data, format);
    await writeFile(file, text);
    return answer({
      data: { file, format, bytes: Buffer.byteLength(text), revisions: data.chain.length },
      text: (shown, look) =>
        `${look.good('Wrote')} ${shown.file} (${counted(shown.revisions, 'revision')}, ${Math.ceil(shown.bytes / 1000)} kB)`,
    });
  },
});
