/** `github:index/actionsOrganizationSecret:ActionsOrganizationSecret` */
import sodium from "libsodium-wrappers";
import { z } from "zod";
import type { ResourceType } from "../kit/resource.ts";
import { need, text, type Props } from "../kit/values.ts";
import type { Github } from "./api.ts";
import {
  goTime,
  repositoriesWithoutSelection,
  selectedRepositories,
  selectionBody,
  visibilityProperty,
} from "./visibility.ts";

const answerSchema = z.object({ visibility: z.string(), created_at: z.string(), updated_at: z.string() });
const keySchema = z.object({ key_id: z.string(), key: z.string() });

/** The arguments that carry the secret; exactly one is given. */
const VALUES = ["value", "valueEncrypted", "encryptedValue", "plaintextValue"];

/**
 * An Actions secret of the organization. GitHub never gives a secret back: drift shows only in the time of its last
 * change, and is mended by writing the secret again.
 */
export const organizationSecret: ResourceType<Github> = {
  properties: {
    secretName: { required: true, replaces: true },
    ...Object.fromEntries(VALUES.map((key) => [key, {}])),
    keyId: { computed: true },
    visibility: visibilityProperty,
    selectedRepositoryIds: {},
    destroyOnDrift: {},
  },
  computed: ["createdAt", "updatedAt", "remoteUpdatedAt"],
  volatile: ["keyId", "updatedAt", "remoteUpdatedAt"],
  secrets: VALUES,
  drifted: (olds) => (olds.remoteUpdatedAt !== olds.updatedAt ? ["updatedAt"] : []),
  validate: (inputs) => ({ ...repositoriesWithoutSelection(inputs), ...oneValue(inputs) }),

  async create({ session }, inputs) {
    return { id: need(inputs, "secretName"), outs: await put(session, inputs) };
  },

  async read({ session }, id, known) {
    const answer = await session.find(`actions/secrets/${id}`);
    if (answer === undefined) return undefined;
    const found = answerSchema.parse(answer);
    const updated = goTime(found.updated_at);
    return {
      ...known,
      secretName: id,
      visibility: found.visibility,
      createdAt: goTime(found.created_at),
      updatedAt: known.updatedAt ?? updated,
      remoteUpdatedAt: updated,
      selectedRepositoryIds:
        known.selectedRepositoryIds &&
        (await selectedRepositories(session, `actions/secrets/${id}`, found.visibility)),
    };
  },

  update: ({ session }, _id, _olds, news) => put(session, news),

  async delete({ session }, id) {
    await session.call("delete", `actions/secrets/${id}`);
  },
};

function oneValue(inputs: Props): Record<string, string> {
  const given = VALUES.filter((key) => inputs[key] !== undefined);
  if (given.length === 1) return {};
  return { value: `exactly one of ${VALUES.join(", ")} must be given, got ${given.join(", ") || "none"}` };
}

async function put(github: Github, inputs: Props): Promise<Props> {
  const name = need(inputs, "secretName");
  const { keyId, sealed } = await encrypted(github, inputs);
  const { visibility } = inputs;
  const body = { key_id: keyId, encrypted_value: sealed, visibility, ...selectionBody(inputs) };
  await github.call("put", `actions/secrets/${name}`, body);
  const found = answerSchema.parse(await github.call("get", `actions/secrets/${name}`));
  const updated = goTime(found.updated_at);
  return {
    ...inputs,
    keyId,
    createdAt: goTime(found.created_at),
    updatedAt: updated,
    remoteUpdatedAt: updated,
  };
}

/** Seals the plain value for GitHub's key, unless the program has done so itself. */
async function encrypted(github: Github, inputs: Props): Promise<{ keyId: string; sealed: string }> {
  const ready = text(inputs, "valueEncrypted") ?? text(inputs, "encryptedValue");
  const given = text(inputs, "keyId");
  if (ready !== undefined && given !== undefined) return { keyId: given, sealed: ready };
  const { key_id: keyId, key } = keySchema.parse(await github.call("get", "actions/secrets/public-key"));
  if (ready !== undefined) return { keyId, sealed: ready };
  await sodium.ready;
  const plain = sodium.from_string(text(inputs, "value") ?? need(inputs, "plaintextValue"));
  const box = sodium.crypto_box_seal(plain, sodium.from_base64(key, sodium.base64_variants.ORIGINAL));
  return { keyId, sealed: sodium.to_base64(box, sodium.base64_variants.ORIGINAL) };
}
