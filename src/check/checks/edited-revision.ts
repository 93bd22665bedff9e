import type { StoredEntry } from '../../journal/entry.ts';
import { isOtherForm } from '../../journal/other-form.ts';
import { diffLines } from '../diff-lines.ts';
import type { Check, CheckInput } from '../input.ts';
import { finding } from '../make-finding.ts';

/** A `run` is only text: where a revision has one, its text counts, not only what it compiles to. */
function isEdited({ revisions, checksums }: CheckInput, id: string, entry: StoredEntry): boolean {
  if (isOtherForm(revisions.get(id), entry)) return false;
  const now = checksums.get(id);
  const then = entry.data.checksums;
  if (!now || !then) return false;
  const hasCode = revisions.get(id)?.upgrade.some(({ kind }) => kind === 'run') ?? false;
  return now.operations !== then.operations || (hasCode && now.text !== then.text);
}

/** Applied revisions whose file no longer says what ran. */
export const editedRevision: Check = (input) => {
  const last = new Map(
    input.entries
      .filter(({ event, data }) => data.checksums && (event === 'moved' || event === 'adopted'))
      .map((entry) => [entry.revision, entry]),
  );
  return [...input.past.applied].flatMap((id) => {
    const entry = last.get(id);
    if (!entry || !isEdited(input, id, entry)) return [];
    const lines = diffLines(entry.data.text ?? '', input.revisions.get(id)?.text ?? '');
    return [
      finding('history/edited-revision', `revision ${id} was edited after it ran here`, {
        revision: id,
        facts: { ranAt: new Date(entry.at).toISOString(), removed: lines.removed, added: lines.added },
        cure: `put the change into a revision of its own, or accept it with \`surefoot check --accept-edit ${id}\``,
      }),
    ];
  });
};
