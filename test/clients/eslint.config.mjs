// The rules of graphql-eslint that the schema keeps.

import { join } from "node:path";

import graphql from "@graphql-eslint/eslint-plugin";

const rules = {
  ...graphql.configs["flat/schema-all"].rules,
  ...graphql.configs["flat/schema-relay"].rules,

  // Stricter than the set: every field, argument and value is described too.
  "@graphql-eslint/require-description": [
    "error",
    {
      types: true,
      rootField: true,
      DirectiveDefinition: true,
      FieldDefinition: true,
      InputValueDefinition: true,
      EnumValueDefinition: true,
    },
  ],

  "@graphql-eslint/relay-edge-types": [
    "error",
    {
      // The REST API has no look-up by id that `Query.node` could use.
      shouldImplementNode: false,
      // `nodes` beside `edges`, for clients that need no cursor of each chat.
      listTypeCanWrapOnlyEdgeType: false,
    },
  ],
  "@graphql-eslint/strict-id-in-types": [
    "error",
    {
      // Texter's name for an agent's id is `uid`.
      acceptedIdNames: ["id", "uid"],
      acceptedIdTypes: ["ID"],
      exceptions: {
        suffixes: ["Connection", "Edge"], // pages are not things
        types: [
          "PageInfo", // nor is this
          "Channel", // part of a chat
          "BotSession", // what Texter does not send is null, even here
          "FlowVersion", // part of a bot session
          "ReplyAction", // part of a chat
          "TemplateFile", // part of a reply action
          "ChatChanges", // a batch
          "ChatEntered", // part of a batch, as the next ones
          "ChatUpdated",
          "ChatLeft",
          "ChatsReset",
        ],
      },
    },
  ],

  // Nothing is changed through this service, but lists can be followed.
  "@graphql-eslint/no-root-type": ["error", { disallow: ["mutation"] }],
  // Fields stand by what they are about, not by their letters.
  "@graphql-eslint/alphabetize": "off",
  // It knows one style for all: here one line is a string, and more a block.
  "@graphql-eslint/description-style": "off",
};

export default [
  {
    files: ["**/*.graphqls"],
    plugins: { "@graphql-eslint": graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: {
        graphQLConfig: { schema: join(import.meta.dirname, "../../schema.graphqls") },
      },
    },
    linterOptions: { noInlineConfig: true }, // exceptions are listed here only
    rules,
  },
];
