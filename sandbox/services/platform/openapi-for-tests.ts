/** From OpenAPI 3.0's dialect to JSON Schema, strict enough to notice fields the document does not have. */

/** A schema of either dialect. */
export type Schema = { [keyword: string]: unknown };

/** Read-only fields do not belong in a request, write-only ones (secrets) not in a response. */
export type Direction = "request" | "response";

type Schemas = { components: { schemas: Record<string, Schema> } };

/** Converts one schema, references kept. */
export function toJsonSchema(schema: Schema, document: Schemas, direction: Direction): Schema {
  const convert = (inner: unknown) => toJsonSchema(inner as Schema, document, direction);
  const { nullable, discriminator, readOnly, writeOnly, ...rest } = schema as Schema & {
    discriminator?: { propertyName: string; mapping: Record<string, string> };
  };
  if (readOnly === true && direction === "request") return { not: {} };
  if (writeOnly === true && direction === "response") return { not: {} };

  let result: Schema = rest;
  if (discriminator !== undefined) result = alternatives(discriminator.propertyName, discriminator.mapping);
  else if (Array.isArray(rest.allOf)) result = merged(rest, document);
  if (result.properties !== undefined) {
    const properties = Object.entries(result.properties as object);
    result = {
      ...result,
      properties: Object.fromEntries(properties.map(([name, inner]) => [name, convert(inner)])),
      additionalProperties: false,
    };
  } else if (isAnyObject(result.additionalProperties)) {
    // Generated from Map<String, Object>: in the document `type: object`, on the wire any value.
    result = { ...result, additionalProperties: true };
  } else if (typeof result.additionalProperties === "object") {
    result = { ...result, additionalProperties: convert(result.additionalProperties) };
  }
  if (result.items !== undefined) result = { ...result, items: convert(result.items) };
  return nullable === true ? { anyOf: [result, { type: "null" }] } : result;
}

/** `oneOf` with a discriminator, whose branches overlap: the branch the discriminator names must fit. */
function alternatives(property: string, mapping: Record<string, string>): Schema {
  const cases = Object.entries(mapping);
  return {
    type: "object",
    required: [property],
    allOf: [
      { properties: { [property]: { enum: cases.map(([value]) => value) } } },
      ...cases.map(([value, $ref]) => ({
        if: { properties: { [property]: { const: value } } },
        then: { $ref },
      })),
    ],
  };
}

/** Inheritance written as `allOf`: one schema with the properties of all. A single part is only a wrapped reference. */
function merged(schema: Schema, document: Schemas): Schema {
  const parts = schema.allOf as (Schema & { $ref?: string })[];
  if (parts.length === 1) return parts[0] ?? {};
  const properties = parts.map((part) => {
    const name = (part.$ref ?? "").replace("#/components/schemas/", "");
    return (document.components.schemas[name] ?? part).properties as object;
  });
  return { type: "object", properties: Object.assign({}, ...properties) as object };
}

function isAnyObject(schema: unknown): boolean {
  return JSON.stringify(schema) === '{"type":"object"}';
}
