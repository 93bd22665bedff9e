// The commands of a workflow file. In: YAML as those files have it. Out: commands by job, in order.
// Must not know what they do. It reads what such files need (keys, lists, block texts), not the whole of YAML.

/** Commands of a job: what a shell is given, one after the other. */
export type Jobs = ReadonlyMap<string, readonly string[]>;

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** The lines below, as far as they are further to the right, without what they all begin with. */
function blockAt(lines: readonly string[], start: number, indent: number): string {
  const end = lines.findIndex((line, i) => i > start && line.trim() !== '' && indentOf(line) <= indent);
  const body = lines.slice(start + 1, end < 0 ? undefined : end);
  const left = Math.min(...body.filter((line) => line.trim() !== '').map(indentOf));
  return body.map((line) => line.slice(left)).join('\n');
}

/** A scalar on one line: plain, or in single quotes. */
const scalar = (text: string): string =>
  text.startsWith("'") && text.endsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : text;

/** `isJob`: whether a key at this depth names a job; `isCommand`: the text of a line that holds a command, or null. */
function read(
  text: string,
  jobIndent: number,
  commandOf: (line: string, within: string) => string | null,
): Jobs {
  const lines = text.split('\n');
  const jobs = new Map<string, string[]>();
  let [job, within, skipTo] = ['', '', -1];
  for (const [i, line] of lines.entries()) {
    if (i <= skipTo || line.trim() === '') continue;
    const key = /^( *)(?:- )?([\w-]+):/.exec(line);
    if (key && indentOf(line) === jobIndent) job = key[2] ?? '';
    if (key && indentOf(line) <= jobIndent + 2 && !line.trim().startsWith('- ')) within = key[2] ?? '';
    const found = commandOf(line, within);
    if (found === null) continue;
    const isBlock = found === '|';
    const command = isBlock ? blockAt(lines, i, indentOf(line)) : scalar(found);
    if (isBlock) skipTo = i + command.split('\n').length;
    jobs.set(job, [...(jobs.get(job) ?? []), command.trim()]);
  }
  return jobs;
}

/** The `run:` steps of a GitHub workflow. */
export function githubJobs(text: string): Jobs {
  return read(text, 2, (line) => /^ +(?:- )?run: (.+)$/.exec(line)?.[1] ?? null);
}

/** The `script:` lines of a GitLab pipeline. */
export function gitlabJobs(text: string): Jobs {
  return read(text, 0, (line, within) =>
    within === 'script' || within === 'before_script' ? (/^ +- (.+)$/.exec(line)?.[1] ?? null) : null,
  );
}
