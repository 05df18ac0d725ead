/** Does what failed checks say is safe, one after the other: what several of them install may be the same. */
import { type Checkup, type Fix } from "./row.ts";

/** @param tell gets a line for each thing that is done */
export async function fixAll({ rows }: Checkup, tell: (text: string) => void): Promise<number> {
  const fixes: Fix[] = [];
  for (const { finding } of rows) {
    const found = await finding;
    if (found.state === "fail" && found.fix) fixes.push(found.fix);
  }
  for (const { does, work } of fixes) {
    tell(`  ${does} …`);
    await work().catch((error: Error) => tell(`  that failed: ${error.message.split("\n")[0]}`));
  }
  return fixes.length;
}
