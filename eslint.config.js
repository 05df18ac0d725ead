import importX from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

const stages = ["secrets", "storage", "towerforge", "seqerakit", "github"];
const pulumi = ["@pulumi/*", "@1password/*"];

/** Which room may import which: docs/decisions/0002-rooms.md. */
const zones = [
  ...stages.map((stage) => ({
    target: `./${stage}`,
    from: [
      ...stages.filter((other) => other !== stage).map((other) => `./${other}`),
      "./config.ts",
      "./providers.ts",
    ],
    message: "A stage declares the args it needs; index.ts joins the stages.",
  })),
  {
    target: ["./index.ts", "./config.ts", "./providers.ts", ...stages.map((stage) => `./${stage}`)],
    from: ["./cli", "./sandbox", "./test"],
    message: "The program does not know of the rooms around it.",
  },
  ...stages.map((stage) => ({
    target: ["./index.ts", "./cli", "./sandbox"],
    from: `./${stage}`,
    except: [
      "./index.ts",
      "./apply/request.ts",
      "./apply/redact.ts",
      "./manifest.ts",
      "./context.ts",
      "./sources/index.ts",
      "./policies/index.ts",
    ],
    message: "From outside only a folder's index.ts.",
  })),
];

export default tseslint.config(
  { ignores: ["node_modules", ".sandbox", "coverage"] },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "import-x": importX },
    rules: {
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones }],
      // What an interface declares as a promise may have it at once.
      "@typescript-eslint/require-await": "off",
      // Objects here are records of closures: none of their functions has a `this`.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
      "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: { string: true } }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
    },
  },
  {
    files: [
      "towerforge/policies/*.ts",
      "towerforge/rotation.ts",
      "secrets/context*.ts",
      "secrets/sources/*.ts",
      "seqerakit/apply/*.ts",
      "seqerakit/manifest.ts",
    ],
    ignores: ["**/*.test.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { patterns: [{ group: pulumi, allowTypeImports: true, message: "Pure: its tests need no mocks." }] },
      ],
    },
  },
  {
    files: ["index.ts", "providers.ts", ...stages.map((stage) => `${stage}/**/*.ts`)],
    ignores: ["**/*.test.ts", "seqerakit/apply/**"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "config.ts alone reads the environment." },
        { object: "pulumi", property: "Config", message: "config.ts alone reads the stack's config." },
      ],
    },
  },
  {
    files: ["**/*.test.ts", "test/**/*.ts"],
    rules: {
      // A test looks behind the doors.
      "import-x/no-restricted-paths": "off",
      // What a matcher or a parsed answer holds is what the test is about to say.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unnecessary-type-assertion": "off",
    },
  },
);
