/** The oldest Node that runs the project's TypeScript as it stands. */
const OLDEST = 24;

/**
 * @throws Error naming the npm script to use, when the Node that runs this is too old
 * @param version - @default the running Node's
 */
export function requireNode(version: string = process.versions.node): void {
  if (Number(version.split(".")[0]) >= OLDEST) return;
  throw new Error(
    `Node ${version} runs this; Node ${OLDEST} or later is needed.\n` +
      `The npm scripts bring their own: use \`npm run sandbox\`, or \`npx node cli/main.ts sandbox\`.`,
  );
}
