// graphql-js executes requests over the chats of a service, and says what the
// service must answer.

import { Agent, request as httpRequest } from "node:http";

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** Posts a request to the service, and returns the body of the answer. */
export function ask(url, request) {
  const body = Buffer.from(JSON.stringify(request));
  const headers = { "Content-Type": "application/json", "Content-Length": body.length, Accept: "application/graphql-response+json" };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method: "POST", agent, headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        try {
          resolve({ status: response.statusCode, ...JSON.parse(text) });
        } catch {
          reject(new Error(`status ${response.statusCode}: ${text}`));
        }
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** All that can be selected of a field, and of its fields. */
function subfields(field) {
  let type = field.type;
  while (type.ofType) type = type.ofType;
  if (!type.getFields) return "";
  return `{${Object.values(type.getFields()).map((f) => f.name + subfields(f)).join(" ")}}`;
}

/** The values of a root field, by the service's own answers to one plain query. */
class RootField {
  constructor(url, field) {
    const list = (text) => field.args.length > 0 ? `(${field.args.map(text).join(" ")})` : "";
    this.url = url;
    this.name = field.name;
    this.query = `query${list((a) => `$${a.name}:${a.type}`)}{${field.name}${list((a) => `${a.name}:$${a.name}`)}${subfields(field)}}`;
    this.known = new Map();
  }

  /** The value for these arguments. It throws where the service has an error. */
  async resolve(variables) {
    const key = JSON.stringify(variables);
    if (!this.known.has(key)) {
      if (this.known.size > 300) this.known.clear(); // an answer can take a megabyte
      this.known.set(key, ask(this.url, { query: this.query, variables }));
    }
    const { data, errors } = await this.known.get(key);
    if (errors) throw new Error(errors[0].message);
    return data[this.name];
  }
}

const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** The locations of an error, in one form. */
const places = (error) => (error.locations ?? []).map((l) => `${l.line}:${l.column}`).sort(byText).join(" ");

/** The verdict on a request: what is compared. */
function verdict(kind, errors, data) {
  const text = (e) => (kind === "executed" ? `${JSON.stringify(e.path ?? [])} ${places(e)}` : places(e));
  const of = (pattern) => errors.some((e) => pattern.test(e.message));
  return {
    kind,
    conflict: of(conflict),
    cycle: of(cycle),
    errors: errors.filter((e) => !conflict.test(e.message)).map(text).sort(byText),
    places: errors.map(text).sort(byText),
    count: errors.length,
    messages: errors.map((e) => e.message),
    ...(data !== undefined && { data: JSON.stringify(data) }),
  };
}

// The messages of the two rules whose errors are counted otherwise: see
// docs/specifications.md.
const conflict = /^Fields .* conflict because /s;
const cycle = /^Cannot spread fragment /;

/** A version of graphql-js as the judge of a service. */
export class Judge {
  constructor(graphql, sdl, url) {
    this.graphql = graphql;
    this.schema = graphql.buildSchema(sdl);
    this.rootValue = {};
    for (const field of Object.values(this.schema.getQueryType().getFields())) {
      const root = new RootField(url, field);
      this.rootValue[field.name] = (variables) => root.resolve(variables);
    }
  }

  /** What the service must answer. */
  async judge({ query, variables, operationName }, allowEmptySelectionSets = false) {
    let document;
    try {
      document = this.graphql.parse(query, { allowEmptySelectionSets });
    } catch (error) {
      return verdict("unparsed", [error]);
    }
    const errors = this.graphql.validate(this.schema, document, undefined, { maxErrors: 1000 });
    if (errors.length > 0) return verdict("invalid", errors);
    const { schema, rootValue } = this;
    const result = await this.graphql.execute({ schema, rootValue, document, variableValues: variables, operationName });
    if (!("data" in result)) return verdict("invalid", result.errors);
    return verdict("executed", result.errors ?? [], result.data);
  }

  /**
   * Whether a definition of a type begins at a place: behind whole definitions,
   * and with its keyword. graphql-js reads on there, and the service does not:
   * see docs/specifications.md.
   */
  definesType(query, place) {
    const [line, column] = place.split(":").map(Number);
    const lines = query.split(/\r\n|\n|\r/);
    const rest = lines[line - 1].slice(column - 1);
    if (!/^(schema|scalar|type|interface|union|enum|input|directive|extend)\b/.test(rest)) return false;
    const before = [...lines.slice(0, line - 1), lines[line - 1].slice(0, column - 1)].join("\n");
    try {
      this.graphql.parse(`${before} fragment A on B{c}`);
      return true;
    } catch {
      return false;
    }
  }
}

/**
 * Gives the built-in types of a schema the service's descriptions: the
 * specification does not say how they are described.
 */
export async function describe(url, { schema }) {
  const described = "name description";
  const { data } = await ask(url, { query: `{__schema{types{${described} fields{${described} args{${described}}} enumValues{${described}}}}}` });
  for (const type of data.__schema.types) {
    const mine = schema.getType(type.name);
    if (!mine || mine.astNode) continue;
    mine.description = type.description;
    for (const field of type.fields ?? []) {
      const of = mine.getFields()[field.name];
      of.description = field.description;
      for (const arg of field.args) of.args.find((a) => a.name === arg.name).description = arg.description;
    }
    for (const value of type.enumValues ?? []) mine.getValue(value.name).description = value.description;
  }
}

/** The codes of the service's own limits, which graphql-js does not have. */
const limits = ["QUERY_TOO_COMPLEX", "ANSWER_TOO_LARGE", "BAD_REQUEST"];

/** What the service answers, as a verdict. */
export async function answer(url, request) {
  const { data, errors = [], status } = await ask(url, request);
  const codes = errors.map((e) => e.extensions.code);
  const kind = () => {
    if (status === 500 || codes.includes("INTERNAL_SERVER_ERROR")) return "failed";
    if (codes.some((code) => limits.includes(code))) return "refused";
    if (data !== undefined) return "executed";
    return codes[0] === "GRAPHQL_PARSE_FAILED" ? "unparsed" : "invalid";
  };
  return { ...verdict(kind(), errors, data), status };
}

/** How many errors of a document the service reports. */
const maxErrors = 10;

/** In what two verdicts differ; empty if they do not. */
export function difference(want, got) {
  if (got.kind === "refused") return "";
  if (want.kind !== got.kind) return `${want.kind} / ${got.kind}`;
  if (want.data !== got.data) return "data";
  if (want.cycle || got.cycle) return want.cycle === got.cycle ? "" : "cycle";
  if (want.conflict !== got.conflict && (want.errors.length === 0 || got.errors.length === 0)) return "conflict";
  if (want.count > maxErrors || got.count === maxErrors) return got.count === maxErrors || want.conflict ? "" : "number of errors";
  return want.errors.join("|") === got.errors.join("|") ? "" : "errors";
}
