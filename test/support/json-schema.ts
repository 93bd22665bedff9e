// Checks JSON against a schema: the part of JSON Schema 2020-12 that docs/schemas uses, and nothing else.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

type Node = Readonly<Record<string, unknown>>;

interface Place {
  readonly file: string;
  readonly path: string;
}

const known = new Set([
  '$schema',
  '$ref',
  '$defs',
  'title',
  'description',
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'const',
  'anyOf',
  'pattern',
  'minimum',
]);

const isRecord = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function load(file: string): Node {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function hasType(value: unknown, type: unknown): boolean {
  const wanted = Array.isArray(type) ? type : [type];
  const actual = typeOf(value);
  return wanted.includes(actual) || (actual === 'integer' && wanted.includes('number'));
}

function resolve(ref: string, file: string): { readonly schema: Node; readonly file: string } {
  const [path = '', pointer = ''] = ref.split('#');
  const target = path === '' ? file : join(dirname(file), path);
  const steps = pointer.split('/').filter((step) => step !== '');
  let schema: unknown = load(target);
  for (const step of steps) schema = isRecord(schema) ? schema[step] : undefined;
  if (!isRecord(schema)) throw new Error(`${file}: ${ref} leads nowhere`);
  return { schema, file: target };
}

function ofObject(schema: Node, value: Node, { file, path }: Place): readonly string[] {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const missing = required.filter((name) => !Object.hasOwn(value, name)).map((name) => `${path}: no ${name}`);
  const inside = Object.entries(value).flatMap(([name, member]) => {
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (isRecord(own)) return problems(own, member, { file, path: `${path}/${name}` });
    return schema['additionalProperties'] === false ? [`${path}: ${name} is not described`] : [];
  });
  return [...missing, ...inside];
}

function ofValue(schema: Node, value: unknown, { path }: Place): readonly string[] {
  const found: string[] = [];
  if (schema['type'] !== undefined && !hasType(value, schema['type']))
    found.push(`${path}: is ${typeOf(value)}`);
  if (Array.isArray(schema['enum']) && !schema['enum'].includes(value))
    found.push(`${path}: ${String(value)}`);
  if ('const' in schema && schema['const'] !== value)
    found.push(`${path}: is not ${String(schema['const'])}`);
  const { pattern, minimum } = schema;
  if (typeof pattern === 'string' && typeof value === 'string' && !new RegExp(pattern, 'u').test(value)) {
    found.push(`${path}: ${value} does not match ${pattern}`);
  }
  if (typeof minimum === 'number' && typeof value === 'number' && value < minimum)
    found.push(`${path}: too small`);
  return found;
}

function problems(schema: Node, value: unknown, place: Place): readonly string[] {
  const strange = Object.keys(schema).filter((key) => !known.has(key));
  if (strange.length > 0) throw new Error(`${place.file}: this checker does not know ${strange.join(', ')}`);
  const found = [...ofValue(schema, value, place)];
  if (typeof schema['$ref'] === 'string') {
    const target = resolve(schema['$ref'], place.file);
    found.push(...problems(target.schema, value, { file: target.file, path: place.path }));
  }
  if (Array.isArray(schema['anyOf'])) {
    const ways = schema['anyOf'].map((way: Node) => problems(way, value, place));
    if (ways.every((way) => way.length > 0)) found.push(...ways.flat());
  }
  const { items } = schema;
  if (Array.isArray(value) && isRecord(items)) {
    found.push(...value.flatMap((one, i) => problems(items, one, { ...place, path: `${place.path}/${i}` })));
  }
  if (isRecord(value)) found.push(...ofObject(schema, value, place));
  return found;
}

/** What is wrong with a value by the schema in a file; nothing: it fits. */
export function schemaProblems(file: string, value: unknown): readonly string[] {
  return problems(load(file), value, { file, path: '' });
}
