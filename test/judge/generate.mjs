// Random operations of a schema, and ways to break them in one place.

import {
  getNamedType, isEnumType, isInputObjectType, isLeafType, isListType, isNonNullType,
} from "graphql17";

/** A generator of random numbers that gives the same ones for the same seed. */
export function random(seed) {
  let state = seed >>> 0;
  const next = () => { // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n) => Math.floor(next() * n);
  return { below, chance: (p) => next() < p, pick: (list) => list[below(list.length)] };
}

const strings = [
  '"ab"', '"05"', '""', '"a\\u0062"', '"\\u{61}b"', '"\\uD83D\\uDE00"', '"""ab"""', '"""\n  a\n    b\n  """', '"""a\n  b\n c"""',
  '"a\tb"', '"\u0001b"', '"ש\\nb"', '"😀😀"', '"""\\"""a"""', '"\\"\\\\\\/\\b\\f\\r\\t"',
];

const wrongValues = [
  "1", "1.5", '"a"', "true", "null", "A", "[]", "[[1]]", "{}", "{a:1}", "2147483648", "-2147483649", "99999999999999999999", "1e3", "$unknown",
  "BOT", "[null]", '{channel:{name:EMAIL}}', '{first:{}}', "-0", '"PENDING"',
];

const wrongJSON = [1, 1.5, -0, 1e3, 2147483648, "a", "", true, null, [], [null], [[1]], {}, { a: 1 }, { first: "1" }, "BOT", { name: "SMS" }];

/** Types of introspection that graphql-js 17 has by a draft after September 2025. */
const newer = ["__Directive", "__DirectiveLocation"];

/** Random operations. Cursors are values for `after` and `before`. */
export class Generator {
  constructor(schema, seed, cursors) {
    Object.assign(this, random(seed), { schema, cursors });
  }

  /** A request: query, variables, and sometimes operationName. */
  request() {
    Object.assign(this, { definitions: new Map(), variables: {}, fragments: [], unfinished: 0 });
    const root = this.schema.getQueryType();
    const body = this.selections(root, 0);
    const named = this.chance(0.3);
    const parameters = [...this.definitions.values()].map((d) => d.text).join(this.pick([" ", ",", "\n"]));
    const head = named || parameters || this.chance(0.3) ? `query${named ? " A" : ""}${parameters && `(${parameters})`}` : "";
    const request = { query: [head + body, ...this.fragments].join(this.pick([" ", "\n", "\r\n"])), variables: this.variables };
    if (named && this.chance(0.3)) request.operationName = this.chance(0.9) ? "A" : "B";
    if (this.chance(0.5)) request.query = this.break(request.query);
    if (this.chance(0.15)) request.variables = this.breakJSON(request.variables);
    return request;
  }

  selections(type, depth) {
    const fields = Object.values(type.getFields()).filter((f) => depth < 4 || isLeafType(getNamedType(f.type)));
    const parts = [];
    for (let n = 1 + this.below(depth === 0 ? 2 : 4); n > 0; n--) {
      if (fields.length === 0 || this.chance(0.08)) parts.push(this.alias() + "__typename" + this.directives());
      else if (this.chance(0.12)) parts.push(this.fragment(type, depth));
      else if (depth === 0 && this.chance(0.1)) parts.push(this.introspection(depth));
      else parts.push(this.field(this.pick(fields), depth));
    }
    return `{${parts.join(this.pick([" ", "\n", ",", " #c\n"]))}}`;
  }

  field(field, depth) {
    const type = getNamedType(field.type);
    const text = this.alias() + field.name + this.arguments(field) + this.directives();
    return isLeafType(type) ? text : text + this.selections(type, depth + 1);
  }

  introspection() {
    const type = this.schema.getType("__Type");
    const names = Object.keys(this.schema.getTypeMap()).filter((name) => !newer.includes(name));
    const name = this.chance(0.8) ? JSON.stringify(this.pick(names)) : this.value(this.nonNull("String"));
    return `${this.alias()}__type(name:${name})${this.directives()}${this.selections(type, 3)}`;
  }

  nonNull(name) {
    return { ofType: this.schema.getType(name), toString: () => `${name}!`, nonNull: true };
  }

  alias() {
    return this.chance(0.15) ? `${this.pick(["a", "b", "c", "id", "nodes"])}:` : "";
  }

  fragment(type, depth) {
    if (this.chance(0.5)) return `...${this.chance(0.7) ? `on ${type.name}` : ""}${this.directives()}${this.selections(type, depth)}`;
    const name = `F${this.unfinished++}`;
    this.fragments.push(`fragment ${name} on ${type.name}${this.selections(type, depth + 1)}`);
    return `...${name}${this.directives()}${this.chance(0.2) ? ` ...${name}` : ""}`;
  }

  directives() {
    if (this.chance(0.85)) return "";
    return `@${this.pick(["skip", "include"])}(if:${this.value(this.nonNull("Boolean"))})${this.chance(0.1) ? this.directives() : ""}`;
  }

  arguments(field) {
    const parts = field.args.filter((a) => a.name !== "last" && this.chance(a.name === "first" ? 0.6 : 0.25)).map((a) => `${a.name}:${this.value(a.type, a.name)}`);
    return parts.length > 0 ? `(${parts.join(" ")})` : "";
  }

  /** A literal of a type, or a variable. */
  value(type, name, constant = false) {
    if (!constant && this.chance(0.25)) return this.variable(type, name);
    if (this.chance(0.02)) return this.pick(wrongValues.slice(0, constant ? -1 : undefined));
    if (isNonNullType(type) || type.nonNull) type = type.ofType;
    else if (this.chance(0.08)) return "null";
    if (isListType(type)) {
      if (this.chance(0.2)) return this.value(type.ofType, name, constant);
      return `[${Array.from({ length: this.below(3) }, () => this.value(type.ofType, name, constant)).join(" ")}]`;
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter((f) => (isNonNullType(f.type) ? this.chance(0.97) : this.chance(0.3)));
      return `{${fields.map((f) => `${f.name}:${this.value(f.type, f.name, constant)}`).join(" ")}}`;
    }
    if (isEnumType(type)) return this.pick(type.getValues()).name;
    switch (type.name) {
      case "Int": return String(this.below(4));
      case "Boolean": return this.pick(["true", "false"]);
      case "ID": return this.pick(["1", '"1"', "18446744073709551616", ...strings]);
    }
    return /after|before/.test(name) && this.chance(0.7) ? JSON.stringify(this.pick(this.cursors)) : this.pick(strings);
  }

  /** A variable of a type that may stand where a type is expected. */
  variable(type, name) {
    const required = isNonNullType(type) || type.nonNull;
    const nullable = required ? type.ofType : type;
    const declared = `${nullable}${required && this.chance(0.5) ? "!" : this.chance(0.1) ? "!" : ""}`;
    const withDefault = (required && !declared.endsWith("!")) || this.chance(0.2);
    const variable = `v${this.definitions.size}`;
    this.definitions.set(variable, {});
    const text = `$${variable}:${declared}${withDefault ? `=${this.value(required ? type : nullable, name, true)}` : ""}`;
    this.definitions.set(variable, { text });
    if (this.chance(0.15) && !declared.endsWith("!")) this.variables[variable] = null;
    else if (!withDefault || this.chance(0.7)) this.variables[variable] = this.json(nullable, name);
    return `$${variable}`;
  }

  json(type, name) {
    if (isNonNullType(type)) type = type.ofType;
    else if (this.chance(0.05)) return null;
    if (this.chance(0.01)) return this.pick(wrongJSON);
    if (isListType(type)) return this.chance(0.2) ? this.json(type.ofType, name) : Array.from({ length: this.below(3) }, () => this.json(type.ofType, name));
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter((f) => isNonNullType(f.type) || this.chance(0.3));
      return Object.fromEntries(fields.map((f) => [f.name, this.json(f.type, f.name)]));
    }
    if (isEnumType(type)) return this.pick(type.getValues()).name;
    switch (type.name) {
      case "Int": return this.below(4);
      case "Boolean": return this.chance(0.5);
      case "ID": return this.pick([1, "1", "b"]);
    }
    return /after|before/.test(name) && this.chance(0.7) ? this.pick(this.cursors) : this.pick(["ab", "05", "", "😀😀", "a\u0000b"]);
  }

  /** The text, broken in one place, or changed there. */
  break(text) {
    if (this.chance(0.4)) {
      const at = this.below(text.length + 1);
      const inserted = this.chance(0.6) ? this.pick([..."{}()[]:!$@|&=.\"'\\#,1a_-? \n\r\t\u0000\ufeffé😀", "...", '"""', "\\u", "on", "null"]) : "";
      return text.slice(0, at) + inserted + text.slice(at + this.below(2));
    }
    const tokens = text.match(/"""[^]*?"""|"(?:\\.|[^"\\\n])*"|\w+|\.\.\.|\s+|[^]/gu);
    const at = this.below(tokens.length);
    const pool = [...tokens, ...wrongValues, "{", "}", "(", ")", "...", "on", "@skip(if:true)", "@x", "$v0", "id", "Chat", "ChatEdge", "__typename", "query", "mutation{a}", "fragment F0 on Chat{id}", "ChatFilter", "Int"];
    const other = this.pick(pool);
    switch (this.below(4)) {
      case 0: tokens.splice(at, 1); break;
      case 1: tokens.splice(at, 0, other); break;
      case 2: tokens[at] = other; break;
      default: {
        const second = this.below(tokens.length);
        [tokens[at], tokens[second]] = [tokens[second], tokens[at]];
      }
    }
    return tokens.join("");
  }

  /** A JSON value, with one value in it replaced. */
  breakJSON(value) {
    const keys = value && typeof value === "object" ? Object.keys(value) : [];
    if (keys.length === 0) return this.wrapVariables(value);
    const key = this.pick(keys);
    const copy = Array.isArray(value) ? [...value] : { ...value };
    if (copy[key] && typeof copy[key] === "object" && this.chance(0.7)) copy[key] = this.breakJSON(copy[key]);
    else copy[key] = this.pick(wrongJSON);
    return copy;
  }

  wrapVariables(value) {
    return Array.isArray(value) ? [this.pick(wrongJSON)] : { v0: this.pick(wrongJSON) };
  }
}
