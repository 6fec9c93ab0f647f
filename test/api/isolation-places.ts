/** A JSON schema as far as it is read here. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
  items?: Schema;
  minItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  pattern?: string;
  example?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}
export interface Parameter {
  /** A header that many routes have. */
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}
export interface Operation {
  operationId?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
export interface Document {
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

/** Where an id stands: `path:id`, `query:tag_id`, `body:/property_ids/0`. */
export type Place = string;
/** What a place is filled with: a uuid, or a name where ids are names. */
export type Fill = (place: Place, kind: 'uuid' | 'name') => string;
/** A request without a value for its ids yet. */
export interface Shape {
  path: string;
  query: Record<string, string>;
  body?: unknown;
}

const ID_NAME = /(^|_)(id|ids|key|slug|token)$/;

/**
 * Makes requests of an operation from its part of the document; each union's branch is one variant.
 * @param shared what stands in places that hold names of the installation
 */
export function createSampler(
  document: Document,
  operation: Operation,
  template: string,
  example: unknown,
  shared: Readonly<Record<Place, string>>,
) {
  const resolve = (schema: Schema): Schema => {
    if (schema.$ref === undefined) return schema;
    return resolve(document.components?.schemas?.[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  };
  /** @param branch which branch of unions is taken @param text what free text is filled with */
  return (fill: Fill, branch: number, text: string): Shape => {
    const sample = (given: Schema, name: string, at: string, depth: number): unknown => {
      const schema = resolve(given);
      const branches = (schema.anyOf ?? schema.oneOf)?.filter((one) => resolve(one).type !== 'null');
      if (branches?.length) return sample(branches[Math.min(branch, branches.length - 1)]!, name, at, depth);
      if (schema.allOf?.length) return Object.assign({}, ...schema.allOf.map((one) => sample(one, name, at, depth)));
      if (schema.const !== undefined) return schema.const;
      if (schema.enum?.length) return schema.enum[0];
      if (schema.example !== undefined) return schema.example;
      const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
      if (type === 'array') return [sample(schema.items ?? {}, name, `${at}/0`, depth + 1)];
      if (type === 'object' || schema.properties) {
        const required = new Set(schema.required ?? []);
        const taken = Object.entries(schema.properties ?? {}).filter(
          ([key, one]) => required.has(key) || (depth < 4 && isId(resolve(one), key)),
        );
        return Object.fromEntries(taken.map(([key, one]) => [key, sample(one, key, `${at}/${key}`, depth + 1)]));
      }
      if (type === 'integer' || type === 'number')
        return Math.min(Math.max(schema.minimum ?? 1, schema.exclusiveMinimum ?? 0, 1), schema.maximum ?? Infinity);
      if (type === 'boolean') return true;
      return isId(schema, name) ? fill(at, schema.format === 'uuid' ? 'uuid' : 'name') : word(schema, text);
    };
    const isId = (schema: Schema, name: string): boolean => {
      if (schema.format === 'uuid') return true;
      const inner = schema.items ?? (schema.anyOf ?? schema.oneOf)?.find((one) => resolve(one).type !== 'null');
      if (inner) return isId(resolve(inner), name);
      const free = schema.format === undefined && schema.pattern === undefined && schema.enum === undefined;
      return ID_NAME.test(name) && schema.type === 'string' && free;
    };
    let path = template;
    const query: Record<string, string> = {};
    for (const { $ref, name, in: where, required, schema: given } of operation.parameters ?? []) {
      if ($ref !== undefined) continue;
      const schema = resolve(given);
      if (where === 'path') {
        const isWord = schema.format !== 'uuid' && (schema.enum !== undefined || schema.pattern !== undefined);
        const value = isWord
          ? sample(schema, name, `path:${name}`, 0)
          : fill(`path:${name}`, schema.format === 'uuid' ? 'uuid' : 'name');
        path = path.replace(`{${name}}`, encodeURIComponent(String(value)));
      } else if (where === 'query' && (required || isId(schema, name))) {
        const value = shared[`query:${name}`] ?? sample(schema, name, `query:${name}`, 0);
        query[name] = Array.isArray(value) ? value.join(',') : String(value);
      }
    }
    const schema = operation.requestBody?.content['application/json']?.schema;
    if (schema === undefined) return { path, query };
    const body = example === undefined ? sample(schema, '', 'body:', 0) : filled(example, fill, text, 'body:');
    return { path, query, body };
  };
}

/** An example's `<id>`, `<name>` and `<text>` filled. */
function filled(value: unknown, fill: Fill, text: string, at: string): unknown {
  if (value === '<id>' || value === '<name>') return fill(at, value === '<id>' ? 'uuid' : 'name');
  if (typeof value === 'string') return value.replace('<text>', text);
  if (Array.isArray(value)) return value.map((one, index) => filled(one, fill, text, `${at}/${index}`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, fill, text, `${at}/${key}`)]));
}

function word({ format, minLength = 0, maxLength = 200, pattern }: Schema, text: string): string {
  if (format === 'email') return `${text}@example.com`;
  if (format === 'date') return '2026-06-01';
  if (format === 'date-time') return '2026-06-01T00:00:00Z';
  if (format === 'uri' || format === 'url') return `https://example.com/${text}`;
  if (pattern?.includes('#')) return '#1a7f37';
  return text.padEnd(minLength, 'x').slice(0, maxLength);
}
