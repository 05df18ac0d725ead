/** Everything recovery asks and does, behind two narrow interfaces: the stack's engine, and the services. */
import { resolve } from "node:path";
import { publishedVariables, variablesApi } from "../../github/index.ts";
import { readManifest } from "../../seqerakit/manifest.ts";
import { openWorkspace } from "../../seqerakit/index.ts";
import { openIam } from "../../towerforge/index.ts";
import { seenIfAllowed } from "../stack/access.ts";
import { cutOffNotes, removeNote } from "../stack/cut-off.ts";
import { holding, readLocks, removeLock, type Lock } from "../stack/locks.ts";
import { askEngine, type StackPlace } from "../stack/place.ts";
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

/** The program stands here: paths in its settings begin here. */
const ROOT = resolve(import.meta.dirname, "../..");

/** The real ones, with the credentials of a deployment. */
export async function openServices({ config, secrets, credentials: aws }: StackSettings): Promise<Services> {
  const { platformEndpoint: endpoint, organization, workspace, userName } = config;
  const iam = await openIam({ ...config, credentials: aws.provider() });
  const platform = await openWorkspace({ endpoint, organization, workspace }, secrets.seqera.token);
  const manifests = config.computeEnvironments.map((path) => readManifest(resolve(ROOT, path), config));

  const credentials = async () =>
    (await platform.credentials()).flatMap(({ id, name, keys }) =>
      keys?.accessKey
        ? [{ accessKeyId: keys.accessKey, by: `${name} (${id})`, own: name === config.credentialsName }]
        : [],
    );
  /** Those that bear a name the stack gives, by the key of their files. */
  const environments = async () =>
    (await platform.computeEnvs()).flatMap((env) => {
      const key = manifests.find(({ spec }) => isNameOf(env.name, spec.name))?.key;
      return key === undefined ? [] : [{ ...env, key }];
    });
  const variables = async (state: StackState, found: { key: string; id: string }[]) => {
    if (!config.publishToGithub) return [];
    const idOf = (key: string) =>
      [...state.computeEnvironments.filter(({ replaced }) => !replaced), ...found].find(
        (each) => each.key === key,
      )?.id;
    const wanted = publishedVariables<string | undefined>({
      computeEnvironmentVariablePrefix: config.computeEnvironmentVariablePrefix,
      computeEnvironmentIds: Object.fromEntries(manifests.map(({ key }) => [key, idOf(key)])),
      workspaceId: secrets.seqera.workspaceId,
      bucket: config.bucket,
    });
    const api = await variablesApi({ ...config, githubToken: secrets.github.token });
    const strays = Object.entries(wanted)
      .filter(([name]) => !state.variableNames.includes(name))
      .map(async ([name, value]) => {
        const there = await api.find(name);
        return there ? [{ name, value: there.value, wanted: value }] : [];
      });
    return (await Promise.all(strays)).flat();
  };

  return {
    look: async (state) => {
      const known = state.computeEnvironments.map(({ id }) => id);
      const [keyIds, held, named] = await Promise.all([
        seenIfAllowed(config, iam.keyIds(userName), []),
        credentials(),
        environments(),
      ]);
      const strange = named.filter(({ id }) => !known.includes(id));
      return {
        ...{ byRole: config.credentialMode === "role", userName, keyIds, held },
        environments: strange.map(({ id, name, status }) => ({ id, name, status })),
        variables: await variables(state, strange),
        owner: config.githubOwner,
      };
    },
    deleteKey: (id) => iam.deleteKey(userName, id),
  };
}

/** The files' name, or a successor's. docs/decisions/0006-successor-names.md */
function isNameOf(name: string, own: string): boolean {
  return name === own || (name.startsWith(`${own}-`) && /^-[0-9a-f]{8}$/.test(name.slice(own.length)));
}

function noop(): void {}
