import type { TargetResult } from '../fleet/result.ts';
import type { FleetSummary } from '../fleet/summary.ts';
import type { FleetTarget } from '../fleet/target.ts';
import type { LockHolder } from '../lock/lock.ts';
import type { StatementNews } from '../runner/news.ts';
import type { RunChoices } from './api.ts';

/** How a fleet's work is shown while it goes on. */
export interface FleetNews {
  /** So many targets, in waves of these sizes. */
  readonly onBegin?: ((total: number, waves: readonly number[]) => void) | undefined;
  readonly onStart?: ((target: string, wave: number) => void) | undefined;
  /** Another runner has the lock of a target. */
  readonly onHeld?: ((target: string, holder: LockHolder) => void) | undefined;
  /** A statement of a target waits, or goes on for long. Of what workers do, they are told themselves. */
  readonly onStatement?: ((target: string, news: StatementNews) => void) | undefined;
  readonly onResult?: ((result: TargetResult) => void | Promise<void>) | undefined;
  /** The queue went away or came back, or nobody works on it. */
  readonly onTrouble?: ((problem: string) => void) | undefined;
}

/** What is asked of a fleet. */
export interface FleetChoices extends FleetNews {
  /** The revision to reach. Default: heads. */
  readonly to?: string | undefined;
  /** What may be destroyed: `data-loss`. */
  readonly allow?: readonly string[] | undefined;
  /** Nothing more is started; what runs comes to its end. */
  readonly pause?: AbortSignal | undefined;
  /** What each target's run is told; its `signal` stops them between two statements. */
  readonly run?: RunChoices | undefined;
}

/** The same verbs over many databases. A target that fails stops no other, until too many have failed. */
export interface Fleet {
  plan(choices?: FleetChoices): Promise<FleetSummary>;
  upgrade(choices?: FleetChoices): Promise<FleetSummary>;
  check(choices?: FleetChoices): Promise<FleetSummary>;
  status(choices?: FleetChoices): Promise<FleetSummary>;
  /** What an upgrade did not do: the targets that failed, and those that it did not come to. Default: the newest. */
  retry(run?: string, choices?: FleetChoices): Promise<FleetSummary>;
}

/** What is told of a target while it is worked on. */
export type Told = Pick<RunChoices, 'onWait' | 'onStatement'>;

/** The news of one target. */
export function toldOf(target: string, { onHeld, onStatement }: FleetNews): Told {
  return {
    onWait: (holder) => onHeld?.(target, holder),
    onStatement: (news) => onStatement?.(target, news),
  };
}

/** Brings one target to its end; what goes wrong with it is a result. `null`: it was taken back before anybody began. */
export type Execute = (
  start: { readonly target: FleetTarget; readonly wave: number },
  told: Told,
) => Promise<TargetResult | null>;

/** Who executes: this process, or workers behind a queue. */
export interface Executor {
  readonly execute: Execute;
  /** Takes back what nobody has begun. */
  withdraw(): void;
  close(): Promise<void>;
}
