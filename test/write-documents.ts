import { readFileSync, writeFileSync } from "node:fs";
import { withTables } from "./documents.ts";

writeFileSync("CREDENTIALS.md", withTables(readFileSync("CREDENTIALS.md", "utf8")));
