import { flag, list, value } from '../args/option.ts';
import { againstOption, autogenerate, nameOptions, onlineOption } from '../autogenerate.ts';
import { defineCommand } from '../command.ts';

/** `migrate`: a revision from the models. */
export const migrate = defineCommand({
  summary: 'Compare the models with the revisions, and write the revision that is missing.',
  description:
    'Where nothing changed, it says so and writes nothing. What may have got another name is asked in a terminal, and refused elsewhere unless --rename, --no-renames or the file renames.json answers. The same as `revision --autogenerate`.',
  arguments: [],
  options: {
    message: value('What it does', { short: 'm' }),
    ...nameOptions,
    against: againstOption,
    sql: flag('An SQL file instead of TypeScript'),
    online: onlineOption,
    head: list('Put it on this revision: id, label or base; again for a merge', { placeholder: 'ID' }),
    splice: flag('Let the chain fork at a revision that is no head'),
    branchLabel: list('Begin a branch of this name', { placeholder: 'LABEL' }),
    dependsOn: list('It needs this revision or label, without revising it', { placeholder: 'ID' }),
    revId: value('An id of your own', { placeholder: 'ID' }),
    folder: value('The folder, where the config has several', { placeholder: 'DIR' }),
  },
  examples: [
    ['surefoot migrate -m "add phone"', 'what changed in the models, as a revision'],
    ['surefoot migrate -m "names" --rename user.fullname:name', 'the values stay'],
    ['surefoot migrate -m "names" --rename user.fullname:name --online', 'the release before survives it'],
    ['surefoot migrate -m "catch up" --against database', 'what the live database lacks'],
  ],
  run: async (call) => await autogenerate(call, call.options),
});
