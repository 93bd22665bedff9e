import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** A body that depends on the session. */
export const mySqlModeBody: Rule = {
  id: 'my-sql-mode-body',
  severity: 'info',
  flavors: ['mysql', 'mariadb'],
  summary: 'A trigger or routine keeps the sql_mode of the session that made it.',
  isOptIn: true,
  check: (subject) => {
    const own = ofKind(subject, 'createTrigger', 'createRoutine');
    if (!own) return null;
    return {
      message:
        'it keeps the sql_mode and the character set of this session, and acts by them whatever the caller has set',
      help: ['Run revisions with the sql_mode of the application, and create it anew when that changes.'],
    };
  },
};
