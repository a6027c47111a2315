import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["**/dist/", "**/target/", "**/*.gen.ts", ".demo/", ".tools/"] },
  js.configs.recommended,
  ts.configs.strict,
  svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    files: ["tests/**/*.ts", "**/*.test.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
  {
    rules: {
      // TypeScript reports unknown names itself, with the pages' own types.
      "no-undef": "off",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Words of people are text, never markup." },
        { property: "outerHTML", message: "Words of people are text, never markup." },
      ],
      "svelte/no-at-html-tags": "error",
    },
  },
);
