/** Opens a throw-away stack, says so, and stays in it: what a test ends from outside. `node … FOLDER exit|wait` */
import { inThrowAwayStack } from "./throw-away.ts";

const [folder = "", how] = process.argv.slice(2);

await inThrowAwayStack({ folder, stack: "dev" }, async () => {
  process.stdout.write("open\n");
  // As a command whose other checks have failed ends.
  if (how === "exit") setTimeout(() => process.exit(1), 500);
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
