import type { Model } from './model.ts';

/** What is chosen, whichever view is shown. */
export interface Choice {
  /** Id of the revision that is looked at. */
  revision: string | null;
  /** Place of the chain at which the schema is shown. */
  place: number;
  /** A table to be shown first. */
  table: string | null;
}

/** What a view can ask of the page. */
export interface Page {
  readonly model: Model;
  readonly choice: Choice;
  /** Goes to another view: `#name` or `#name/argument`. */
  go(view: string, argument?: string): void;
}

/** A part of the page with a heading of its own. */
export interface View {
  readonly name: string;
  readonly title: string;
  /** How many things there are to see; `null`: it is not counted. */
  readonly count: number | null;
  /** Draws it; called when it is first shown, and again when what is chosen changed elsewhere. */
  draw(root: HTMLElement): void;
  /** Draws everything at once, for paper. */
  print?(root: HTMLElement): void;
}

/** The address of a place in the page. */
export function link(view: string, argument?: string): string {
  return argument === undefined ? `#${view}` : `#${view}/${encodeURIComponent(argument)}`;
}
