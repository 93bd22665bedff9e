import type { JournalEvent, StoredEntry } from '../../journal/entry.ts';
import { isSurefootError } from '../../kernel/errors.ts';
import { count, value } from '../args/option.ts';
import { answerBoth, defineCommand } from '../command.ts';
import { namedRevisions } from '../named-revisions.ts';
import type { Project } from '../project.ts';
import { oneLine } from '../text/clean.ts';
import type { Look } from '../text/look.ts';
import { shorten, table } from '../text/table.ts';
import { whoText } from '../text/who.ts';
import { moment, span } from '../text/words.ts';

/** An entry as programs get it: its time in words of ISO 8601. */
type LogEntry = Omit<StoredEntry, 'at'> & { readonly at: string };

const toLogEntry = (entry: StoredEntry): LogEntry => ({ ...entry, at: new Date(entry.at).toISOString() });

/** One for each statement: only with --verbose. */
const details: ReadonlySet<JournalEvent> = new Set(['started', 'finished']);

/** The journal may know revisions whose file is gone. */
async function revisionOf(project: Project, identifier: string | undefined): Promise<string | undefined> {
  if (identifier === undefined) return undefined;
  try {
    return (await namedRevisions(project, identifier))[0];
  } catch (error) {
    if (isSurefootError(error, 'revision/not-found')) return identifier;
    throw error;
  }
}

function paintEvent(event: JournalEvent, look: Look): string {
  if (event === 'failed') return look.bad(event);
  return event === 'moved' || event === 'verified' ? look.good(event) : event;
}

function words({ data, event }: LogEntry): string {
  if (data.error) return `${data.error.code}: ${data.error.message}`;
  if (event === 'verified') {
    const { differences = [] } = data;
    return differences.length === 0
      ? 'the schema is what history describes'
      : `differs: ${differences.map(({ object }) => object).join(', ')}`;
  }
  const heads = data.heads === undefined ? '' : `at ${data.heads.join(', ') || 'base'}`;
  return data.message ?? data.description ?? data.reason ?? heads;
}

function row(entry: LogEntry, look: Look): readonly string[] {
  const { at, data, event, revision, direction } = entry;
  return [
    look.dim(moment(at)),
    whoText(data.who),
    paintEvent(event, look),
    look.id(revision ?? ''),
    direction ?? '',
    data.ms === undefined ? '' : span(data.ms),
    shorten(oneLine(words(entry)), look.isTty ? 60 : 400),
  ];
}

/** `log`: the journal. */
export const log = defineCommand({
  summary: 'What was run on the database, when and by whom: the journal, newest last.',
  arguments: [],
  options: {
    limit: count('Only the last N entries', { short: 'n' }),
    revision: value('Only of this revision', { placeholder: 'ID' }),
  },
  examples: [
    ['surefoot log', 'one line for each entry'],
    ['surefoot log -n 20 --verbose', 'with every statement'],
    ['surefoot log --revision 3e51 --json', 'all that is known of one revision'],
  ],
  run: async ({ options: { limit, revision }, project, globals }) => {
    const surefoot = await project.open();
    const id = await revisionOf(project, revision);
    const isFull = globals.json || globals.verbose;
    const stored = await surefoot.log({ revision: id, ...(isFull ? { limit } : {}) });
    const entries = stored.filter(({ event }) => isFull || !details.has(event)).map(toLogEntry);
    const last = limit === undefined ? entries : entries.slice(-limit);
    return answerBoth({
      data: { entries: last },
      shown: last,
      text: (shown, look) => {
        if (shown.length === 0) return 'The journal is empty.';
        const head = ['when', 'who', 'event', 'revision', 'direction', 'time', 'message'];
        return table(
          head,
          shown.map((entry) => row(entry, look)),
          look,
        );
      },
    });
  },
});
