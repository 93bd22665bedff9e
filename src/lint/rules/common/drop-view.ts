import { earlierOf, isSameTable, laterOf, nameOf } from '../../parts.ts';
import type { Rule } from '../../rule.ts';
import { ofKind } from '../../rule.ts';

/** A view goes and does not come back. */
export const dropView: Rule = {
  id: 'drop-view',
  severity: 'warning',
  flavors: 'all',
  summary: 'A view is dropped; code that reads it fails at once.',

  check: (subject) => {
    const own = ofKind(subject, 'dropView');
    if (!own) return null;
    const { view } = own.operation;
    const isBack = laterOf(subject, 'createView').some((one) => isSameTable(one.view, view));
    const isOwn = earlierOf(subject, 'createView').some((one) => isSameTable(one.view, view));
    if (isBack || isOwn) return null;
    return {
      codeName: view.name,
      message: `every query of view ${nameOf(view)} fails from then on`,
      help: ['Deploy code that no longer reads the view.', 'Drop it in a later revision.'],
    };
  },
};
