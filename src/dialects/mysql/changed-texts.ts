import type { SchemaDraft } from '../../schema/draft.ts';
import type { Trigger, View } from '../../schema/schema.ts';

/** Views and triggers whose text a renaming changed. */
export interface Respelled {
  readonly views: readonly View[];
  readonly triggers: readonly Trigger[];
  /** What was renamed, as it is called now. */
  readonly name: string;
}

/** The texts as they are, to be compared with those after a renaming. */
export interface Texts {
  readonly views: ReadonlyMap<string, View>;
  /** By name: the table may be called otherwise afterwards. */
  readonly triggers: ReadonlyMap<string, Trigger>;
}

const byName = ({ triggers }: SchemaDraft): ReadonlyMap<string, Trigger> =>
  new Map([...triggers.values()].map((trigger) => [trigger.name, trigger]));

/** Takes the texts down. */
export function textsOf(draft: SchemaDraft): Texts {
  return { views: new Map(draft.views), triggers: byName(draft) };
}

/** What has another text than before. */
export function changedTexts(before: Texts, draft: SchemaDraft, name: string): Respelled {
  return {
    name,
    views: [...draft.views].flatMap(([key, view]) => (before.views.get(key)?.sql === view.sql ? [] : [view])),
    triggers: [...byName(draft)].flatMap(([name, trigger]) =>
      before.triggers.get(name)?.sql === trigger.sql ? [] : [trigger],
    ),
  };
}
