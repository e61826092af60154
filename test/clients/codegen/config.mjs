// What graphql-codegen makes, and of what.
export default {
  schema: "../../schema.graphqls",
  documents: "codegen/*.graphql",
  generates: {
    "codegen/__generated__/": {
      preset: "client",
      // Its default name, useFragment, passes for a React hook.
      presetConfig: { fragmentMasking: { unmaskFunctionName: "readFragment" } },
      config: {
        scalars: { DateTime: "string", JSON: "unknown" },
        strictScalars: true, // or a scalar that is not listed would be `any`
        useTypeImports: true,
      },
    },
  },
};
