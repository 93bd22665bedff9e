import type { Evaluator } from './evaluate.ts';
import { evaluate } from './evaluate.ts';
import type { Made, Scope, Value } from './value.ts';
import { unknown } from './value.ts';

/** The names that a call gives to a function of the file. */
export function bindParameters(
  callee: Extract<Value, { kind: 'function' | 'lambda' }>,
  call: Pick<Made, 'given' | 'named'>,
  machine: Evaluator,
): Scope {
  const parameters = callee.kind === 'function' ? callee.definition.parameters : callee.parameters;
  const names = new Map<string, Value>();
  const given = [...call.given];
  const named = new Map(call.named);
  for (const { name, spread, usual } of parameters) {
    if (spread === '*') names.set(name, { kind: 'sequence', type: 'tuple', items: given.splice(0) });
    else if (spread === '**')
      names.set(name, {
        kind: 'dict',
        entries: [...named].map(([key, value]) => [{ kind: 'constant', value: key }, value] as const),
      });
    else {
      const value =
        named.get(name) ??
        given.shift() ??
        (usual ? evaluate(usual, callee.scope, machine) : unknown(`the argument ${name} is not given`));
      named.delete(name);
      names.set(name, value);
    }
  }
  return { names, outer: callee.scope };
}
