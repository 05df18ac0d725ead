/** Headers of sections in ~/.aws/config, as all that read the file may take them. */
import { readFile } from "node:fs/promises";
import { configFile } from "./config-file.ts";

/** A header, and what it stands for. */
export interface SectionHeader {
  /** `profile NAME` or `sso-session NAME`, with one space and without quotes. */
  section: string;
  /** As it stands in the file, without what is behind it. */
  text: string;
  /** From 1. */
  line: number;
}

/**
 * Every header of the file, also of a section with nothing in it, or spelled in a way that one of AWS's tools reads and
 * another passes over: Python's (https://github.com/boto/botocore/blob/develop/botocore/configloader.py) takes any
 * spaces and quotes, JavaScript's leaves out sections that are empty. The same section twice makes the former refuse the
 * whole file.
 */
export async function readHeaders(): Promise<SectionHeader[]> {
  return headersIn(await readFile(configFile(), "utf8").catch(() => ""));
}

/** The headers of a text. */
export function headersIn(content: string): SectionHeader[] {
  return content.split(/\r?\n/).flatMap((line, at) => {
    const [, text, name] = /^\s*(\[([^\]]*)\])/.exec(line) ?? [];
    if (text === undefined || name === undefined) return [];
    const words = name.replaceAll(/["']/g, " ").trim().split(/\s+/);
    const section = words.length === 1 && words[0] === "default" ? "profile default" : words.join(" ");
    return { section, text, line: at + 1 };
  });
}
