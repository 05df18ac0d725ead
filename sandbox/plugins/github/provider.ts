/** Stand-in for the `github` provider plugin: an organization's Actions variables and secrets. */
import type { Provider } from "../kit/resource.ts";
import { installedVersion } from "../kit/version.ts";
import { configure, type Github } from "./api.ts";
import { organizationSecret } from "./secret.ts";
import { organizationVariable } from "./variable.ts";

/** The `github` stand-in. */
export const github: Provider<Github> = {
  name: "github",
  version: installedVersion("@pulumi/github"),
  configure,
  resources: {
    "github:index/actionsOrganizationVariable:ActionsOrganizationVariable": organizationVariable,
    "github:index/actionsOrganizationSecret:ActionsOrganizationSecret": organizationSecret,
  },
  functions: {},
};
