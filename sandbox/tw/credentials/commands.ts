/** The `tw credentials` group. */
import type { CommandSpec } from "../parser/spec.ts";
import { FORCE_OPTION } from "../validation.ts";
import { WORKSPACE_OPTION } from "../workspace.ts";
import { AWS_OPTIONS } from "./aws-keys.ts";
import { CREDENTIALS_REFERENCE } from "./find.ts";
import { list, validate } from "./read.ts";
import { addAws, deleteCredentials, updateAws } from "./write.ts";

/** `tw credentials`, of whose providers only AWS is here. */
export const CREDENTIALS: CommandSpec = {
  name: "credentials",
  aliases: ["cred"],
  description: "Manage workspace credentials.",
  subcommands: [
    {
      name: "add",
      description: "Add workspace credentials.",
      missingSubcommand: "Missing Required Subcommand",
      subcommands: [
        {
          name: "aws",
          description: "Add AWS credentials.",
          options: [
            { names: ["-n", "--name"], label: "name", required: true, description: "Credentials name." },
            WORKSPACE_OPTION,
            { names: ["--overwrite"], description: "Delete credentials of the same name first." },
            ...AWS_OPTIONS,
          ],
          run: addAws,
        },
      ],
    },
    {
      name: "update",
      description: "Update workspace credentials.",
      missingSubcommand: "Missing Required Subcommand",
      subcommands: [
        {
          name: "aws",
          description: "Update AWS credentials in place.",
          options: [...CREDENTIALS_REFERENCE, WORKSPACE_OPTION, ...AWS_OPTIONS],
          run: updateAws,
        },
      ],
    },
    {
      name: "delete",
      description: "Delete workspace credentials.",
      options: [...CREDENTIALS_REFERENCE, WORKSPACE_OPTION],
      run: deleteCredentials,
    },
    { name: "list", description: "List workspace credentials.", options: [WORKSPACE_OPTION], run: list },
    {
      name: "validate",
      description: "Validate workspace credentials against their cloud provider.",
      options: [...CREDENTIALS_REFERENCE, WORKSPACE_OPTION, FORCE_OPTION],
      run: validate,
    },
  ],
};
