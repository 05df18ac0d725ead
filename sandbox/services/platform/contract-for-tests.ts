/** Checks exchanges against Seqera's published OpenAPI document, where that lies beside the repository. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import { parse } from "yaml";
import { type Direction, type Schema, toJsonSchema } from "./openapi-for-tests.ts";

const FILE = fileURLToPath(new URL("../../../../shared/facts/seqera/platform-openapi.yaml", import.meta.url));

/** Statuses the document does not list for an operation, and why the imitation answers them all the same. */
const UNLISTED: Record<string, string> = {
  "401": "a wrong token: the document lists 401 nowhere, `tw` has a text of its own for it",
  "429": "the documented rate limit of 20 calls per second",
  "409 POST /compute-envs": "a name that is taken: listed only for the check of the name",
};

/** One request with its answer; bodies parsed, undefined when empty. */
export interface Exchange {
  method: string;
  /** Below /api, with the query. */
  path: string;
  request: unknown;
  status: number;
  response: unknown;
}

type Content = { content?: { "application/json"?: { schema: Schema } } };
interface Operation {
  parameters?: { name: string; in: string }[];
  requestBody?: Content;
  responses: Record<string, Content>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** The document as a judge; undefined where it is not there. */
export function loadContract(): Contract | undefined {
  if (!existsSync(FILE)) return undefined;
  return new Contract(parse(readFileSync(FILE, "utf8")) as Document);
}

/** Says what is wrong with an exchange. */
export class Contract {
  readonly #document: Document;
  readonly #ajv: Record<Direction, Ajv>;

  constructor(document: Document) {
    this.#document = document;
    const make = (direction: Direction) => {
      const ajv = new Ajv({ strict: false, allErrors: true });
      formats.default(ajv);
      for (const format of ["int32", "int64", "float", "double"]) ajv.addFormat(format, true);
      const schemas = Object.entries(document.components.schemas);
      const converted = schemas.map(([name, schema]) => [name, toJsonSchema(schema, document, direction)]);
      return ajv.addSchema({ components: { schemas: Object.fromEntries(converted) as object } }, "api");
    };
    this.#ajv = { request: make("request"), response: make("response") };
  }

  /** @returns one line for each deviation; empty when the exchange is as the document says */
  problems(exchange: Exchange): string[] {
    const { method, path, status } = exchange;
    const [pathname = "", query = ""] = path.split("?");
    const template = this.#template(pathname);
    const operation = this.#document.paths[template]?.[method.toLowerCase()];
    if (operation === undefined) return [`${method} ${pathname}: not in the document`];
    const at = `${status} ${method} ${template}`;
    const known = (operation.parameters ?? [])
      .filter((entry) => entry.in === "query")
      .map(({ name }) => name);
    const unknown = [...new URLSearchParams(query).keys()].filter((name) => !known.includes(name));
    const answer = operation.responses[String(status)];
    if (answer === undefined && UNLISTED[String(status)] === undefined && UNLISTED[at] === undefined)
      return [`${at}: status not in the document`];
    // A refused request is the case in which it may be wrong.
    const request = status < 400 ? this.requestProblems(method, path, exchange.request) : [];
    const response = this.#check("response", answer, exchange.response);
    return [
      ...unknown.map((name) => `${at}: query parameter '${name}' not in the document`),
      ...request.map((problem) => `${at} request: ${problem}`),
      ...response.map((problem) => `${at} response: ${problem}`),
    ];
  }

  /** @returns what the document has against a request's body */
  requestProblems(method: string, path: string, body: unknown): string[] {
    const template = this.#template(path.split("?")[0] ?? "");
    const operation = this.#document.paths[template]?.[method.toLowerCase()];
    return body === undefined ? [] : this.#check("request", operation?.requestBody, body);
  }

  #check(direction: Direction, content: Content | undefined, body: unknown): string[] {
    const schema = content?.content?.["application/json"]?.schema as { $ref: string } | undefined;
    if (schema === undefined) return [];
    const validate: ValidateFunction = this.#ajv[direction].compile({ $ref: `api${schema.$ref}` });
    if (validate(body)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      return `${instancePath || "/"} ${message} ${JSON.stringify(params)}`;
    });
  }

  /** The path template that fits with the fewest parameters (/credentials/validate is no id); "" when none does. */
  #template(pathname: string): string {
    const parameters = (template: string) => template.split("{").length;
    const fitting = Object.keys(this.#document.paths)
      .filter((template) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(pathname))
      .sort((one, other) => parameters(one) - parameters(other));
    return fitting[0] ?? "";
  }
}
