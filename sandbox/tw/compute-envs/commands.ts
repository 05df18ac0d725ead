/** The `tw compute-envs` group. */
import type { CommandSpec } from "../parser/spec.ts";
import { FORCE_OPTION } from "../validation.ts";
import { WORKSPACE_OPTION } from "../workspace.ts";
import { CREATE_OPTIONS } from "./create.ts";
import { COMPUTE_ENV_REFERENCE } from "./find.ts";
import { FORGE_OPTIONS } from "./forge-options.ts";
import { addForge } from "./forge.ts";
import { importConfig } from "./import.ts";
import { deleteComputeEnv, getPrimary, setPrimary } from "./manage.ts";
import { exportConfig, list, validate, view } from "./read.ts";

const REFERENCE = [...COMPUTE_ENV_REFERENCE, WORKSPACE_OPTION];

const ADD: CommandSpec = {
  name: "add",
  description: "Add a new compute environment.",
  missingSubcommand: "Missing Required Subcommand",
  subcommands: [
    {
      name: "aws-batch",
      description: "Add a new AWS Batch compute environment.",
      missingSubcommand: "Missing Required Subcommand",
      subcommands: [
        {
          name: "forge",
          description: "Add an AWS Batch compute environment whose AWS resources the Platform makes.",
          options: [...CREATE_OPTIONS, ...FORGE_OPTIONS],
          run: addForge,
        },
      ],
    },
  ],
};

const PRIMARY: CommandSpec = {
  name: "primary",
  description: "Manage the primary compute environment.",
  subcommands: [
    {
      name: "get",
      description: "Get the primary compute environment.",
      options: [WORKSPACE_OPTION],
      run: getPrimary,
    },
    {
      name: "set",
      description: "Set a compute environment as primary.",
      options: REFERENCE,
      run: setPrimary,
    },
  ],
};

/** `tw compute-envs`, of whose platforms only AWS Batch with Forge is here. */
export const COMPUTE_ENVS: CommandSpec = {
  name: "compute-envs",
  aliases: ["ce"],
  description: "Manage compute environments.",
  subcommands: [
    ADD,
    {
      name: "delete",
      description: "Delete a compute environment.",
      options: [...REFERENCE, { names: ["--wait"], description: "Wait until it is fully deleted." }],
      run: deleteComputeEnv,
    },
    { name: "view", description: "View compute environment details.", options: REFERENCE, run: view },
    { name: "list", description: "List compute environments.", options: [WORKSPACE_OPTION], run: list },
    {
      name: "export",
      description: "Export compute environment configuration as a JSON file.",
      options: REFERENCE,
      parameters: [{ label: "FILENAME", required: false, description: "Where to write it." }],
      run: exportConfig,
    },
    {
      name: "import",
      description: "Import a compute environment configuration from a JSON file.",
      options: [
        ...CREATE_OPTIONS,
        { names: ["--overwrite"], description: "Delete an available one of the same name first." },
      ],
      parameters: [{ label: "FILENAME", required: true, description: "Config as export writes it." }],
      run: importConfig,
    },
    PRIMARY,
    {
      name: "validate",
      description: "Run a compute environment's pre-flight checks again.",
      options: [...REFERENCE, FORCE_OPTION],
      run: validate,
    },
  ],
};
