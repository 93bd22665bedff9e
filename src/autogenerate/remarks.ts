// What a reader of a revision is told above its operations.
// In: operations with notes, what they risk, what was left out. Out: comments. Must not know TypeScript or SQL.

import type { Noted, OperationHazard } from './notes.ts';
import type { LeftOut } from './propose.ts';
import type { RevisionComment } from './render-operations.ts';

const openings: Readonly<Record<LeftOut['kind'], string>> = {
  inexpressible: 'NOT CHANGED: ',
  'not-understood': 'NOT TAKEN OVER: ',
  unproven: 'NOT COMPARED: ',
};

/** `Hazard (table-rewrite, blocks-writes): copies every row; nobody can write meanwhile.` */
function hazardText(hazards: readonly OperationHazard[]): readonly string[] {
  if (hazards.length === 0) return [];
  const codes = [...new Set(hazards.map(({ code }) => code))].join(', ');
  return [`Hazard (${codes}): ${hazards.map(({ message }) => message).join('; ')}.`];
}

/** Comments above all operations, and above each of those that risk something or were chosen. */
export function remarksOn(
  operations: readonly Noted[],
  hazards: readonly OperationHazard[],
  leftOut: readonly LeftOut[],
): readonly RevisionComment[] {
  const above = leftOut.map(({ kind, object, reason }): RevisionComment => {
    return { operation: null, text: `${openings[kind]}${object}: ${reason}.` };
  });
  const own = operations.flatMap(({ notes }, operation): readonly RevisionComment[] => {
    const risks = hazards.filter((hazard) => hazard.operation === operation);
    return [...notes, ...hazardText(risks)].map((text) => ({ operation, text }));
  });
  return [...above, ...own];
}
