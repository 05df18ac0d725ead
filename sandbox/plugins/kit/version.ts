/** The engine takes an attached plugin only when its version is not below that of the SDK the program uses. */
import { readFileSync } from "node:fs";

/** @returns the version of an installed npm package, without a leading `v`, for instance `7.48.0` */
export function installedVersion(packageName: string): string {
  const file = new URL(`../../../node_modules/${packageName}/package.json`, import.meta.url);
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
  return version.replace(/^v/, "");
}
