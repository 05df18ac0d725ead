import { readFileSync, writeFileSync } from "node:fs";
import { withTables } from "./documents.ts";
import { deployerDocument } from "./policies/deployer-document.ts";
import { permissionsDocument } from "./policies/document.ts";

writeFileSync("CREDENTIALS.md", withTables(readFileSync("CREDENTIALS.md", "utf8")));
writeFileSync("docs/permissions.md", permissionsDocument());
writeFileSync("docs/deployer.md", deployerDocument());
