// Where the service answers otherwise than graphql-js 17, on purpose: the lines of
// the table in docs/specifications.md, by their first column.

const labels = "query($a:[ID!]){searchChats(filter:{labels:$a}){totalCount}}";

export const differences = [
  {
    rule: "SelectionSet",
    request: { query: "{}" },
    emptySelectionSets: true,
    graphql: { kind: "executed", data: "{}" },
    service: { kind: "unparsed", errors: ["1:2"] },
  },
  {
    rule: "Document",
    request: { query: "{__typename} scalar A" },
    graphql: { kind: "invalid", errors: ["1:14"] },
    service: { kind: "unparsed", errors: ["1:14"] },
  },
  {
    rule: "Field Selection Merging",
    request: { query: "{a:__typename a:__schema{description}}" },
    graphql: { kind: "invalid", conflict: true, places: ["1:15 1:2"] },
    service: { kind: "invalid", conflict: true, places: ["1:15"] },
  },
  {
    rule: "Fragment Spreads Must Not Form Cycles",
    request: { query: "{...A}fragment A on Query{...A}" },
    graphql: { kind: "invalid", cycle: true, places: ["1:27"] },
    service: { kind: "invalid", cycle: true, places: [""] },
  },
  {
    rule: "ID",
    request: { query: labels, variables: { a: 1e21 } },
    graphql: { kind: "executed", errors: [] },
    service: { kind: "invalid", errors: ["1:7"] },
  },
  {
    rule: "String",
    request: { query: labels, variables: { a: "\ud800" } },
    graphql: { kind: "executed" },
    service: { kind: "refused", status: 400 },
  },
  {
    rule: "Errors",
    request: { query: "{__typename@a@b@c@d@e@f@g@h@i@j@k}" },
    graphql: { kind: "invalid", count: 11 },
    service: { kind: "invalid", count: 10 },
  },
  {
    rule: "Introspection",
    request: { query: "{__schema{directives{isDeprecated}}}" },
    graphql: { kind: "executed", errors: [] },
    service: { kind: "invalid", errors: ["1:22"] },
  },
  {
    rule: "Limits",
    request: { query: `{${Array.from({ length: 11 }, (_, i) => `a${i}:__typename`).join(" ")}}` },
    graphql: { kind: "executed", errors: [] },
    service: { kind: "refused", status: 400 },
  },
  {
    rule: "GraphQL over HTTP",
    request: { query: "{a}" },
    graphql: { kind: "invalid", errors: ["1:2"] }, // which the newer draft answers with 422
    service: { kind: "invalid", errors: ["1:2"], status: 400 },
  },
];
