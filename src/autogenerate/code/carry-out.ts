import { invariant } from '../../kernel/invariant.ts';
import type { Operation } from '../../operations/operation.ts';
import { createBuilder } from '../../revisions/builder.ts';
import { sql, t } from '../../schema/column-builder.ts';
import type { Expression } from './expression.ts';

interface Scope {
  readonly op: object;
}

function method(on: unknown, name: string): (...given: readonly unknown[]) => unknown {
  const found: unknown = typeof on === 'object' && on !== null ? Reflect.get(on, name) : undefined;
  invariant(typeof found === 'function', `the builder has no ${name}()`);
  return (...given) => Reflect.apply(found, on, given);
}

function evaluate(expression: Expression, scope: Scope): unknown {
  switch (expression.kind) {
    case 'name':
      return expression.name === 't' ? t : scope.op;
    case 'literal':
      return expression.value;
    case 'list':
      return expression.items.map((item) => evaluate(item, scope));
    case 'record':
      return Object.fromEntries(
        expression.members.map(([name, value]) => [name, evaluate(value, scope)] as const),
      );
    case 'steps':
      return (op: object) => {
        for (const one of expression.calls) evaluate(one, { op });
      };
    case 'call': {
      const on = expression.on === null ? { sql } : evaluate(expression.on, scope);
      return method(on, expression.name)(...expression.given.map((one) => evaluate(one, scope)));
    }
  }
}

/** The operations that a builder records when the code runs. */
export function carryOut(expression: Expression): readonly Operation[] {
  const recording = createBuilder();
  evaluate(expression, { op: recording.op });
  return recording.operations();
}
