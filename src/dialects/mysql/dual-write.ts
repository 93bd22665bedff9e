import type { DualWrite } from '../../dialect/dual-write.ts';
import type { Operation } from '../../operations/operation.ts';
import { quote, quoteRef } from './quote.ts';

function trigger({ table, name }: DualWrite, event: 'INSERT' | 'UPDATE', body: string): Operation {
  const own = `${name}_${event === 'INSERT' ? 'ins' : 'upd'}`;
  const sql = `CREATE TRIGGER ${quoteRef({ namespace: table.namespace, name: own })} BEFORE ${event} ON ${quoteRef(table)} FOR EACH ROW\n${body}`;
  return { kind: 'createTrigger', trigger: { table, name: own, sql } };
}

/** A trigger for each event: here one trigger has one. */
export function dualWrite(request: DualWrite): readonly Operation[] {
  const { from, to, forward, back } = request;
  const [source, target] = [`NEW.${quote(from)}`, `NEW.${quote(to)}`];
  const onward = forward ?? source;
  const onInsert = `IF ${target} IS NULL THEN
  SET ${target} = ${onward};
ELSE
  SET ${source} = ${back ?? target};
END IF`;
  // An UPDATE that sets `to` to just what `from` means (a backfill does) leaves `from` as it is, spelling and all.
  const onUpdate = `IF NOT (${source} <=> OLD.${quote(from)}) THEN
  SET ${target} = ${onward};
ELSEIF NOT (${target} <=> OLD.${quote(to)}) AND NOT (${target} <=> (${onward})) THEN
  SET ${source} = ${back ?? target};
END IF`;
  return [trigger(request, 'INSERT', onInsert), trigger(request, 'UPDATE', onUpdate)];
}
