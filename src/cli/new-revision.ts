// Writes a revision file where it belongs in the graph. In: what is wanted. Out: the file. Must not know databases.

import { relative } from 'node:path';
import type { Config } from '../config/load-config.ts';
import type { Placement } from '../library/new-revision.ts';
import { placeRevision } from '../library/new-revision.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { writeRevision } from '../revisions/write.ts';
import type { Answer } from './command.ts';
import { answer } from './command.ts';
import type { Look } from './text/look.ts';

export { dependenciesOf, graphToExtend, onlyHead, parentsOf } from '../library/new-revision.ts';

/** What the new revision is to be. */
export interface Wanted extends Placement {
  /** Code of the upgrade; '': none. */
  readonly code: string;
}

/** A revision that was written, in a few lines. */
export function writtenText(
  shown: { readonly id: string; readonly revises: readonly string[]; readonly file: string },
  { look, folder }: { readonly look: Look; readonly folder: string },
): string {
  return [
    `${look.good('Wrote')} ${relative(folder, shown.file) || shown.file}`,
    `  ${look.dim('revision')} ${look.id(shown.id)}`,
    `  ${look.dim('revises ')} ${shown.revises.join(', ') || 'base'}`,
  ].join('\n');
}

/** Writes the revision, and answers with what was written. */
export async function writeNew(graph: RevisionGraph, config: Config, wanted: Wanted): Promise<Answer> {
  const { header, folder } = placeRevision(graph, config, wanted);
  const { format } = wanted;
  const { file } = await writeRevision(
    format === 'sql'
      ? { folder, header, format }
      : { folder, header, format, body: { upgrade: wanted.code, downgrade: 'auto' } },
  );
  const { id, revises, message, createdAt, branchLabels, dependsOn } = header;
  return answer({
    data: { id, revises, message, createdAt, branchLabels, dependsOn, file },
    text: (shown, look) => writtenText(shown, { look, folder: config.projectFolder }),
  });
}
