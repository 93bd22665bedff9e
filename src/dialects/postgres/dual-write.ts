import type { DualWrite } from '../../dialect/dual-write.ts';
import type { Operation } from '../../operations/operation.ts';
import { writeName } from './expression-tokens.ts';
import { quoteIdentifier, quoteRef } from './quote.ts';

/** A dollar quote that the text does not hold. */
function enclosed(body: string): string {
  let tag = '$dual$';
  while (body.includes(tag)) tag = `${tag.slice(0, -1)}_$`;
  return `${tag}\n${body}\n${tag}`;
}

// An UPDATE that sets `to` to just what `from` means (a backfill does) leaves `from` as it is, spelling and all.
function body({ from, to, forward, back }: DualWrite): string {
  const [source, target] = [`NEW.${quoteIdentifier(from)}`, `NEW.${quoteIdentifier(to)}`];
  const [old, before] = [`OLD.${quoteIdentifier(from)}`, `OLD.${quoteIdentifier(to)}`];
  const onward = forward ?? source;
  return `BEGIN
  IF TG_OP = 'INSERT' THEN
    IF ${target} IS NULL THEN
      ${target} := ${onward};
    ELSE
      ${source} := ${back ?? target};
    END IF;
  ELSIF ${source} IS DISTINCT FROM ${old} THEN
    ${target} := ${onward};
  ELSIF ${target} IS DISTINCT FROM ${before} AND ${target} IS DISTINCT FROM (${onward}) THEN
    ${source} := ${back ?? target};
  END IF;
  RETURN NEW;
END`;
}

/** As the server gives it back: names that need no quotes have none. */
const spelled = writeName;

/** A function and the trigger that calls it. */
export function dualWrite(request: DualWrite): readonly Operation[] {
  const { table, name } = request;
  const ref = { namespace: table.namespace, name };
  const sql = `CREATE FUNCTION ${quoteRef(ref)}() RETURNS trigger LANGUAGE plpgsql AS ${enclosed(body(request))}`;
  const called = `${table.namespace === null ? '' : `${spelled(table.namespace)}.`}${spelled(name)}`;
  const trigger = `CREATE TRIGGER ${spelled(name)} BEFORE INSERT OR UPDATE ON ${quoteRef(table)} FOR EACH ROW EXECUTE FUNCTION ${called}()`;
  return [
    { kind: 'createRoutine', routine: { ...ref, kind: 'function', signature: '', sql } },
    { kind: 'createTrigger', trigger: { table, name, sql: trigger } },
  ];
}
