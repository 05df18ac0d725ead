/** `github:index/actionsOrganizationVariable:ActionsOrganizationVariable` */
import { z } from "zod";
import type { ResourceType } from "../kit/resource.ts";
import { need, type Props } from "../kit/values.ts";
import type { Github } from "./api.ts";
import {
  goTime,
  repositoriesWithoutSelection,
  selectedRepositories,
  selectionBody,
  visibilityProperty,
} from "./visibility.ts";

const answerSchema = z.object({
  name: z.string(),
  value: z.string(),
  visibility: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

/** An Actions variable of the organization; value and visibility change in place. */
export const organizationVariable: ResourceType<Github> = {
  properties: {
    variableName: { required: true, replaces: true },
    value: { required: true },
    visibility: visibilityProperty,
    selectedRepositoryIds: {},
  },
  computed: ["createdAt", "updatedAt"],
  volatile: ["updatedAt"],
  validate: repositoriesWithoutSelection,

  async create({ session }, inputs) {
    const name = need(inputs, "variableName");
    await session.call("post", "actions/variables", body(name, inputs));
    return { id: name, outs: await outputs(session, name) };
  },

  async read({ session }, id) {
    return readVariable(session, id);
  },

  async update({ session }, id, _olds, news) {
    await session.call("patch", `actions/variables/${id}`, body(id, news));
    return outputs(session, id);
  },

  async delete({ session }, id) {
    await session.call("delete", `actions/variables/${id}`);
  },
};

function body(name: string, inputs: Props): Props {
  return { name, value: inputs.value, visibility: inputs.visibility, ...selectionBody(inputs) };
}

async function outputs(github: Github, name: string): Promise<Props> {
  const found = await readVariable(github, name);
  if (!found) throw new Error(`the organization variable ${name} was written, and is not to be found now`);
  return found;
}

async function readVariable(github: Github, name: string): Promise<Props | undefined> {
  const answer = await github.find(`actions/variables/${name}`);
  if (answer === undefined) return undefined;
  const found = answerSchema.parse(answer);
  return {
    variableName: name,
    value: found.value,
    visibility: found.visibility,
    createdAt: goTime(found.created_at),
    updatedAt: goTime(found.updated_at),
    selectedRepositoryIds: await selectedRepositories(github, `actions/variables/${name}`, found.visibility),
  };
}
