import { nameOf } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** A trigger comes onto an old table. */
export const createTrigger: Rule = {
  id: 'create-trigger',
  severity: 'warning',
  flavors: 'all',
  summary:
    'A trigger comes onto a table in use; what every release writes means something else from then on.',

  check: (subject) => {
    const own = ofKind(subject, 'createTrigger');
    if (!own || own.isNew(own.operation.trigger.table)) return null;
    const { table } = own.operation.trigger;
    return {
      message: `every write to ${nameOf(table)} runs it from then on: where it fails, so does the write`,
      help: [
        'Make sure that it takes every row that running code writes.',
        'Create it at a quiet time: writers wait until those before them have ended.',
      ],
    };
  },
};
