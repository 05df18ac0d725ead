/** Everything recovery asks and does, behind two narrow interfaces: the stack's engine, and the services. */
import { goesBy, openWorkspace } from "../../seqerakit/index.ts";
import { openIam } from "../../towerforge/index.ts";
import { seenIfAllowed } from "../stack/access.ts";
import { cutOffNotes, removeNote } from "../stack/cut-off.ts";
import { manifestsOf } from "../stack/environments.ts";
import { heldKeys } from "../stack/held-keys.ts";
import { holding, readLocks, removeLock, type Lock } from "../stack/locks.ts";
import { askEngine, type StackPlace } from "../stack/place.ts";
import { publishedNow } from "../stack/published.ts";
import type { StackSettings } from "../stack/settings.ts";
import { clearPending, readState, type StackState } from "../stack/state.ts";
import { findStore } from "../stack/store.ts";
import type { Findings } from "./findings.ts";

/** The stack: its lock and its state. */
export interface Engine {
  /** Undefined where the state is kept in a place that does not show them. */
  locks(): Promise<Lock[] | undefined>;
  removeLock(lock: Lock): Promise<void>;
  cancel(): Promise<void>;
  /** Paths of notes beside the state that were cut off while they were written; the state cannot be read before they go. */
  cutOff(): Promise<string[]>;
  removeNote(path: string): Promise<void>;
  state(): Promise<StackState>;
  clearPending(): Promise<void>;
  /** Lets work run while no deployment can begin, as far as the lock can be held from here. */
  holding(work: () => Promise<void>): Promise<void>;
}

/** What the services hold of the stack. */
export interface Services {
  look(state: StackState): Promise<Omit<Findings, "locks" | "state">>;
  deleteKey(id: string): Promise<void>;
}

/** The real ones. */
export async function openEngine(place: StackPlace): Promise<Engine> {
  const store = await findStore(place);
  return {
    locks: async () => (store === undefined ? undefined : readLocks(store.locks)),
    removeLock,
    cutOff: async () => (store === undefined ? [] : cutOffNotes(store.state)),
    removeNote,
    // Pulumi Cloud refuses where nothing is under way; a lock that is left shows when the state is written.
    cancel: () => askEngine(place, ["cancel", "--yes"]).then(noop, noop),
    state: () => readState(place),
    clearPending: () => clearPending(place),
    holding: (work) => (store === undefined ? work() : holding(store.locks, work)),
  };
}

/** The real ones, with the credentials of a deployment. */
export async function openServices({ config, secrets, credentials: aws }: StackSettings): Promise<Services> {
  const { platformEndpoint: endpoint, organization, workspace, userName } = config;
  const iam = await openIam({ ...config, credentials: aws.provider() });
  const platform = await openWorkspace({ endpoint, organization, workspace }, secrets.seqera.token);
  const manifests = manifestsOf(config);
  const { workspaceId } = secrets.seqera;
  const github = { githubToken: secrets.github.token, workspaceId };

  /** Those that bear a name the stack gives, by the key of their files. */
  const environments = async () =>
    (await platform.computeEnvs()).flatMap((env) => {
      const key = manifests.find(({ spec }) => goesBy(env, spec.name))?.key;
      return key === undefined ? [] : [{ ...env, key }];
    });
  /** A compute environment that the state has not is taken for the one that is yet to be made. */
  const variables = async (state: StackState, found: { key: string; id: string }[]) => {
    if (!config.publishToGithub) return [];
    const computeEnvironments = [
      ...state.computeEnvironments,
      ...found.map(({ key, id }) => ({ key, id, replaced: false })),
    ];
    const strays = await publishedNow(config, github, { ...state, computeEnvironments }, (known) => !known);
    return strays.flatMap(({ name, says, wanted }) =>
      says === undefined ? [] : [{ name, value: says, wanted }],
    );
  };

  return {
    look: async (state) => {
      const known = state.computeEnvironments.map(({ id }) => id);
      const [keyIds, credentials, named] = await Promise.all([
        seenIfAllowed(config, iam.keyIds(userName), []),
        platform.credentials(),
        environments(),
      ]);
      const strange = named.filter(({ id }) => !known.includes(id));
      return {
        ...{ byRole: config.credentialMode === "role", userName, keyIds },
        held: heldKeys(credentials, config.credentialsName),
        environments: strange.map(({ id, name, status }) => ({ id, name, status })),
        variables: await variables(state, strange),
        owner: config.githubOwner,
      };
    },
    deleteKey: (id) => iam.deleteKey(userName, id),
  };
}

function noop(): void {}
