// What stays of a file. In: Python as text. Out: facts about it, for reports. Must not know values.

const schemaWords =
  /\b(?:op|batch_op|batch)\.(?!execute\b|bulk_insert\b|get_bind\b|get_context\b|f\b|inline_literal\b|batch_alter_table\b)[a-z_]+\s*\(|\b(create|alter|drop|rename)\s+(or\s+replace\s+)?(unique\s+|temp(orary)?\s+|materialized\s+)?(table|index|type|view|column|constraint|schema|sequence|trigger|function|extension|domain|policy)\b|\.(create|drop|create_all|drop_all)\s*\(|\b\w*(?:add|drop|create|alter|rename)_\w*(?:column|table|index|constraint|key|fk|type|enum|view|trigger|schema)\w*\s*\(|sync_trigger|sync_enum_values|create_entity|drop_entity|replace_entity/i;

/** True where the code may change the schema. */
export const writesSchema = (source: string): boolean => schemaWords.test(source);

/** The names that stand in the code. */
export const namesIn = (source: string): Set<string> =>
  new Set([...source.matchAll(/[A-Za-z_]\w*/g)].map(([name]) => name));
