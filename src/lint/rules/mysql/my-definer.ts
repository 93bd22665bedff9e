import type { LintSubject, Rule } from '../../rule.ts';

function bodyOf({ operation }: LintSubject): string | null {
  if (operation.kind === 'createTrigger') return operation.trigger.sql;
  if (operation.kind === 'createRoutine') return operation.routine.sql;
  return operation.kind === 'execute' && /^\s*CREATE\b/i.test(operation.sql) ? operation.sql : null;
}

/** DEFINER is written out. */
export const myDefiner: Rule = {
  id: 'my-definer',
  severity: 'info',
  flavors: ['mysql', 'mariadb'],
  summary: 'A view, trigger or routine names an account; it must be there on every server.',

  check: (subject) => {
    const text = bodyOf(subject);
    if (text === null || !/\bDEFINER\b\s*=/i.test(text)) return null;
    return {
      message:
        'it runs with the rights of the account that it names, and fails where that account does not exist',
      help: [
        'Leave DEFINER out: whoever runs the revision becomes it.',
        'Or say SQL SECURITY INVOKER: it runs with the rights of the caller.',
      ],
    };
  },
};
