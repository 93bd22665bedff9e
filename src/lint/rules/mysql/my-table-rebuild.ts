import type { Rule } from '../../rule.ts';
import { impactOf, toldElsewhere } from './impact.ts';

/** A rebuild that lets writers go on. */
export const myTableRebuild: Rule = {
  id: 'my-table-rebuild',
  severity: 'warning',
  flavors: ['mysql', 'mariadb'],
  summary: 'The server writes the whole table anew while work goes on; replicas fall behind.',

  check: (subject) => {
    const impact = impactOf(subject);
    if (!impact?.rewrites || impact.blocks || toldElsewhere.includes(subject.operation.kind)) return null;
    const { table, name } = impact;
    return {
      message: `every row of ${name} is written anew: work goes on, the disk needs room for a second table, and replicas fall behind`,
      help: [
        'Do it at a quiet time: what is written meanwhile is kept in a log of limited size, and a transaction that stays open holds up its end.',
        'For a table that is large: an online tool (gh-ost, pt-online-schema-change), and `surefoot stamp`.',
      ],
      table,
      cost: 'rewrite',
    };
  },
};
