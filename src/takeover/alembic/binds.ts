// Version files for several databases at once: `upgrade_()` for the usual one, `upgrade_<bind>()` for each other.
// In: a parsed file. Out: which functions are meant. Must not know what they do.

import type { FunctionDefinition, Module, Statement } from '../python/tree.ts';
import { lineAt } from '../python/tree.ts';

type Way = 'upgrade' | 'downgrade';

const functionsOf = (module: Module): readonly FunctionDefinition[] =>
  module.statements.flatMap((one) => (one.kind === 'function' ? [one] : []));

/** The bind that a function is for; `null`: it is for none. */
function bindOf({ name }: FunctionDefinition, way: Way): string | null {
  return name.startsWith(`${way}_`) ? name.slice(way.length + 1) : null;
}

/** True where `upgrade(engine_name)` hands on to the function of a bind. */
function isDispatched(module: Module): boolean {
  const main = functionsOf(module).find(({ name }) => name === 'upgrade');
  if (!main) return functionsOf(module).some(({ name }) => name === 'upgrade_');
  const text = module.text.slice(main.from, main.to);
  return main.parameters.length > 0 && /\b(globals|eval|getattr|locals)\s*\(/.test(text);
}

const isNothing = (statement: Statement): boolean =>
  statement.kind === 'nothing' || (statement.kind === 'expression' && statement.value.kind === 'constant');

/** The function that stands for a way, and what other databases have besides. */
export interface BindFunctions {
  readonly name: string;
  readonly others: readonly { readonly bind: string; readonly line: number }[];
}

/** The function to translate: that of the wanted bind, or of the first one where there is no usual one. */
export function functionFor(module: Module, way: Way, wanted: string): BindFunctions {
  if (!isDispatched(module)) return { name: way, others: [] };
  const binds = functionsOf(module).flatMap((one) => {
    const bind = bindOf(one, way);
    return bind === null ? [] : [{ bind, definition: one }];
  });
  const chosen = binds.find(({ bind }) => bind === wanted) ?? (wanted === '' ? binds[0] : undefined);
  const others = binds.filter((one) => one !== chosen && !one.definition.body.every(isNothing));
  return {
    name: chosen ? chosen.definition.name : `${way}_${wanted}`,
    others: others.map(({ bind, definition }) => ({ bind, line: lineAt(module.text, definition.from) })),
  };
}
