import type { Seed } from '../config/define-config.ts';
import type { OnRehearsed } from '../rehearsal/rehearse.ts';

/** What is asked of a rehearsal. */
export interface RehearsalChoices {
  /** Default: every revision. */
  readonly range?: string | undefined;
  /** SQL that the running release sends; default: that of the config, or a SELECT of every column of each table. */
  readonly queries?: string | undefined;
  /** By revision: rows to be there before it runs; default: those of the config. */
  readonly seeds?: Readonly<Record<string, Seed>> | undefined;
  /** True: on a copy of the project's database, made by backup and restore, from where it stands on. */
  readonly onCopy?: boolean | undefined;
  readonly onRehearsed?: OnRehearsed | undefined;
}
