/** Lets the program's code run where it can call providers, without a deployment: a stack that is previewed once. */
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { errorsIn } from "../engine-events.ts";
import { readProject, type Project, type StackPlace } from "./place.ts";
import { inTemporaryFolder } from "./temporary-folder.ts";

/**
 * Gives what the program gives. It runs under the name of the stack, with none of its resources; a preview saves
 * nothing, and the folder with the empty stack, which only its owner may enter, is removed.
 * @throws what the program throws, or the engine's errors
 */
export async function inThrowAwayStack<T>(place: StackPlace, program: () => Promise<T>): Promise<T> {
  const { name, plugins } = await readProject(place);
  let outcome: { result: T } | { error: Error } | undefined;
  await inTemporaryFolder(async (folder) => {
    const stack = await LocalWorkspace.createStack(
      {
        stackName: place.stack.split("/").at(-1)!,
        projectName: name,
        program: async () => {
          outcome = await program().then(
            (result) => ({ result }),
            (error: Error) => ({ error }),
          );
        },
      },
      {
        workDir: folder,
        projectSettings: {
          name,
          runtime: "nodejs",
          ...(plugins && { plugins: absolute(plugins, place.folder) }),
        },
        envVars: {
          ...place.env,
          PULUMI_BACKEND_URL: `file://${folder}`,
          PULUMI_CONFIG_PASSPHRASE: randomBytes(24).toString("base64url"),
          PULUMI_OPTION_CWD: folder,
        },
        pulumiCommand: await PulumiCommand.get({ skipVersionCheck: true }),
      },
    );
    await stack.preview({ color: "never" }).catch((error: Error) => {
      outcome ??= { error: new Error(errorsIn(error.message)) };
    });
  });
  if (outcome && "result" in outcome) return outcome.result;
  throw outcome?.error ?? new Error("The engine has ended without a word.");
}

/** Paths in a project begin where its Pulumi.yaml is. */
function absolute(plugins: NonNullable<Project["plugins"]>, folder: string): Project["plugins"] {
  return Object.fromEntries(
    Object.entries(plugins).map(([kind, all]) => [
      kind,
      all.map((plugin) => ({ ...plugin, path: resolve(folder, plugin.path) })),
    ]),
  );
}
