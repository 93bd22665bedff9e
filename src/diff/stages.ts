import type { Operation } from '../operations/operation.ts';

/**
 * The order in which statements run on every family: what depends goes first, then names change, then things are made
 * from the ground up; what destroys data comes after all that may fail.
 */
const stages = [
  'dropTriggers',
  'dropViews',
  'dropForeignKeys',
  'dropParts',
  'dropRoutines',
  'rename',
  'createNamespaces',
  'enums',
  'sequences',
  // Those that defaults, checks and indexes compute with.
  'createRoutinesForTables',
  'createTables',
  'alterTables',
  'addForeignKeys',
  'dropColumns',
  'dropTables',
  'dropRoutinesOfTables',
  'dropEnums',
  'dropSequences',
  'dropNamespaces',
  'createRoutines',
  'createViews',
  'createTriggers',
] as const;

export type Stage = (typeof stages)[number];

/** Operations by the stage in which they run. */
export interface Staging {
  add(stage: Stage, ...operations: readonly Operation[]): void;
  /** All of them, stage by stage, each in the order in which they came. */
  inOrder(): readonly Operation[];
}

export function openStaging(): Staging {
  const byStage = new Map<Stage, Operation[]>(stages.map((stage) => [stage, []]));
  return {
    add: (stage, ...operations) => byStage.get(stage)?.push(...operations),
    inOrder: () => [...byStage.values()].flat(),
  };
}
