/**
 * The workspace a command works in. `Org/Name` is looked up first; a number is used as it stands and looked up only
 * afterwards, to print its name: so with an unknown number a write has gone out before the error comes.
 */
import { TowerError } from "./errors.ts";
import type { PlatformApi } from "./platform-api.ts";

/** One entry of the Platform's list: an organization, or a workspace in it. */
export interface OrgAndWorkspace {
  orgId?: number;
  orgName?: string;
  workspaceId?: number;
  workspaceName?: string;
}

/** The option all workspace commands share. */
export const WORKSPACE_OPTION = {
  names: ["-w", "--workspace"],
  label: "workspace",
  variable: "TOWER_WORKSPACE_ID",
  description: "Workspace as a number or as OrganizationName/WorkspaceName (TOWER_WORKSPACE_ID).",
} as const;

/** Looks workspaces up, each question asked at most once a run. */
export class Workspaces {
  readonly #api: PlatformApi;
  #user: { id: number; userName: string } | undefined;
  #found: OrgAndWorkspace | undefined;
  #reference: string | undefined;

  constructor(api: PlatformApi) {
    this.#api = api;
  }

  /** The signed-in user. */
  async user(): Promise<{ id: number; userName: string }> {
    this.#user ??= (await this.#api.get<{ user: { id: number; userName: string } }>("/user-info")).user;
    return this.#user;
  }

  /** All organizations and workspaces of the signed-in user. */
  async all(): Promise<OrgAndWorkspace[]> {
    const { id } = await this.user();
    const answer = await this.#api.get<{ orgsAndWorkspaces?: OrgAndWorkspace[] }>(`/user/${id}/workspaces`);
    return answer.orgsAndWorkspaces ?? [];
  }

  /**
   * The number for the workspace query parameter; undefined is the user's own workspace.
   * @throws TowerError when the reference is malformed or names nothing
   */
  async idOf(reference: string | undefined): Promise<number | undefined> {
    if (reference === undefined) return undefined;
    const malformed = new TowerError(
      `Invalid workspace parameter '${reference}'. Expected format '<organization_name>/<workspace_name>' or '<workspace_numeric_identifier>'.`,
    );
    if (!reference.includes("/")) {
      if (!/^[+-]?\d+$/.test(reference)) throw malformed;
      return Number(reference);
    }
    if (reference === this.#reference) return this.#found?.workspaceId;
    const parts = reference.replace(/\/+$/, "").split("/");
    const [organization, name] = parts.map((part) => part.trim());
    if (parts.length !== 2) throw malformed;
    this.#found = (await this.all()).find(
      (one) => one.orgName === organization && one.workspaceName === name,
    );
    if (this.#found === undefined) {
      throw new TowerError(`Workspace '${name}' at organization '${organization}' not found`);
    }
    this.#reference = reference;
    return this.#found.workspaceId;
  }

  /** How output names a workspace: `[Org / Name]`, or `user`. @throws TowerError when there is none of this number */
  async label(id: number | undefined): Promise<string> {
    if (id === undefined) return "user";
    this.#found ??= (await this.all()).find((one) => one.workspaceId === id);
    if (this.#found === undefined) throw new TowerError(`Workspace '${id}' not found`);
    return `[${this.#found.orgName} / ${this.#found.workspaceName}]`;
  }

  /** As `label`, for output that links to the web interface: in the user's own workspace that needs the user's name. */
  async linkedLabel(id: number | undefined): Promise<string> {
    if (id === undefined) await this.user();
    return this.label(id);
  }
}
