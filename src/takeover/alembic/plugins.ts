// Directives of plugins: enums kept in step, and functions, views and triggers as objects.
// In: a directive. Out: operations. Must not know how they are recorded.

import type { Operation } from '../../operations/operation.ts';
import { refKey } from '../../schema/schema.ts';
import { textSql } from './core-sql.ts';
import type { Directive } from './directive.ts';
import { quoted, quotedRef, statement } from './directive.ts';
import { plainNamespace } from './machine.ts';
import type { Value } from './value.ts';
import { leafOf, textOf, textOrNull, textsOf, untranslated } from './value.ts';

/** `op.sync_enum_values(schema, name, values, …)` of alembic-postgresql-enum, where it only adds values. */
export function syncEnum({ state, argument }: Directive): readonly Operation[] {
  if (state.dialect !== 'postgres') return [];
  const schema = textOrNull(argument(0, 'enum_schema'), 'a schema');
  const ref = {
    namespace: plainNamespace(schema, state),
    name: textOf(argument(1, 'enum_name'), 'the name of an enum'),
  };
  const values = textsOf(argument(2, 'new_values'), 'the values of an enum');
  const renamed = argument(4, 'enum_values_to_rename');
  const known = state.draft.enums.get(refKey(ref))?.values;
  if (!known) return untranslated(`the enum ${ref.name} is not known`);
  const isLarger = known.join('\0') === values.filter((one) => known.includes(one)).join('\0');
  if (!isLarger || (renamed?.kind === 'sequence' && renamed.items.length > 0))
    return untranslated(`values of the enum ${ref.name} go, move or get other names`);
  return values.flatMap((value, at): readonly Operation[] => {
    if (known.includes(value)) return [];
    const next = values.slice(at + 1).find((one) => known.includes(one)) ?? null;
    return [{ kind: 'addEnumValue', enum: ref, value, before: next, after: null }];
  });
}

const textIn = (value: Value | undefined, directive: Directive, what: string): string => {
  const { dialect } = directive.state;
  return textSql(value, new Map(), dialect) ?? textOf(value, what);
};

/** `PGFunction`, `PGView`, `PGTrigger`, … of alembic_utils: what each is called in SQL. */
const words: Readonly<Record<string, string>> = {
  PGFunction: 'FUNCTION',
  PGProcedure: 'PROCEDURE',
  PGView: 'VIEW',
  PGMaterializedView: 'MATERIALIZED VIEW',
  PGTrigger: 'TRIGGER',
  PGExtension: 'EXTENSION',
};

interface Entity {
  readonly word: string;
  readonly schema: string;
  readonly signature: string;
  readonly definition: string;
  /** The table of a trigger. */
  readonly on: string;
}

function entityOf(directive: Directive): Entity {
  const value = directive.argument(0, 'target');
  const word = value && Object.hasOwn(words, leafOf(value)) ? words[leafOf(value)] : undefined;
  if (value?.kind !== 'made' || word === undefined) return untranslated('an object of a plugin');
  const at = (place: number, name: string) => value.named.get(name) ?? value.given[place];
  const isExtension = word === 'EXTENSION';
  return {
    word,
    schema: textOf(at(0, 'schema'), 'a schema'),
    signature: textIn(at(1, 'signature'), directive, 'a signature'),
    definition: isExtension ? '' : textIn(at(2, 'definition'), directive, 'a definition'),
    on: word === 'TRIGGER' ? textIn(at(3, 'on_entity'), directive, 'a table') : '',
  };
}

function creating({ word, schema, signature, definition, on }: Entity, orReplace: boolean): string {
  const place = `${quoted(schema)}.${signature}`;
  const begin = orReplace ? 'CREATE OR REPLACE' : 'CREATE';
  switch (word) {
    case 'EXTENSION':
      return `CREATE EXTENSION ${quoted(signature)} WITH SCHEMA ${quoted(schema)}`;
    case 'TRIGGER':
      return `CREATE TRIGGER ${signature} ${definition.replace(new RegExp(`\\bon\\s+${on}\\b`, 'i'), () => `ON ${on}`)}`;
    case 'FUNCTION':
    case 'PROCEDURE':
      return `${begin} ${word} ${place} ${definition}`;
    default:
      return `${begin} ${word} ${place} AS ${definition}`;
  }
}

function dropping({ word, schema, signature, on }: Entity): string {
  if (word === 'EXTENSION') return `DROP EXTENSION ${quoted(signature)}`;
  if (word === 'TRIGGER') return `DROP TRIGGER ${signature} ON ${on}`;
  const plain = signature.replaceAll(/\s+default\s+[^,)]+/gi, '');
  return `DROP ${word} ${word.includes('VIEW') ? quotedRef({ namespace: schema, name: signature }) : `${quoted(schema)}.${plain}`}`;
}

/** What `create_entity`, `replace_entity` and `drop_entity` of alembic_utils run. */
export function entityStatements(
  directive: Directive,
  way: 'create' | 'replace' | 'drop',
): readonly Operation[] {
  if (directive.state.dialect !== 'postgres') return [];
  const entity = entityOf(directive);
  const sql = (text: string) => statement(text.replace(/;\s*$/, ''));
  if (way === 'drop') return [sql(dropping(entity))];
  const replaces = way === 'replace';
  const isPlain = /^(VIEW|FUNCTION|PROCEDURE)$/.test(entity.word);
  return [
    ...(replaces && !isPlain ? [sql(dropping(entity))] : []),
    sql(creating(entity, replaces && isPlain)),
  ];
}
