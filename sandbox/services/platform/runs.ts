/** /workflow: runs, as far as one must know which compute environments are in use. Nothing can be launched here. */
import type { FastifyInstance } from "fastify";
import { ApiError } from "../local-app.ts";
import type { Run } from "./model.ts";
import { parseQuery } from "./requests.ts";
import type { Place } from "./compute-envs.ts";
import type { Store } from "./store.ts";

type ById = { Params: { id: string } };

/** Adds the routes. */
export function runRoutes(app: FastifyInstance, store: Store, place: Place, userName: string): void {
  const show = (run: Run) => {
    const { id, runName, status, dateCreated } = run;
    const env = store.state.computeEnvs.find((entry) => entry.id === run.computeEnvId);
    const projectName = "nextflow-io/hello";
    const workDir = env?.config.workDir;
    const times = { submit: dateCreated, start: dateCreated, dateCreated, lastUpdated: dateCreated };
    return { id, runName, status, userName, projectName, repository: projectName, workDir, ...times };
  };
  const byId = (id: string, workspaceId: number | undefined) => {
    const run = store.runs(workspaceId).find((entry) => entry.id === id);
    if (run === undefined) throw new ApiError(403, `Workflow '${id}' not found`);
    return run;
  };
  const where = (workspaceId: number | undefined) => {
    return { workspaceId, workspaceName: place.workspaceName, orgId: place.organizationId };
  };

  app.get("/workflow", (request) => {
    const { workspaceId, search = "", max, offset } = parseQuery(request.query);
    const found = store.runs(workspaceId).filter((run) => matches(run, userName, search));
    const workflows = found.slice(offset, offset + max).map((run) => {
      return { workflow: show(run), starred: false, optimized: false, ...where(workspaceId) };
    });
    return { workflows, totalSize: found.length, hasMore: offset + workflows.length < found.length };
  });

  app.get<ById>("/workflow/:id", (request) => {
    const { workspaceId } = parseQuery(request.query);
    const run = byId(request.params.id, workspaceId);
    const platform = { id: "aws-batch", name: "Amazon Batch" };
    return { workflow: show(run), platform, messages: [], optimized: false, ...where(workspaceId) };
  });

  app.get<ById>("/workflow/:id/launch", (request) => {
    const { workspaceId } = parseQuery(request.query);
    const run = byId(request.params.id, workspaceId);
    const env = store.state.computeEnvs.find((entry) => entry.id === run.computeEnvId);
    const { labelIds: _labels, ...computeEnv } = env ?? { labelIds: [] };
    const { workDir, repository: pipeline } = show(run);
    const launch = { id: run.id, pipeline, workDir, dateCreated: run.dateCreated };
    return { launch: env === undefined ? launch : { ...launch, computeEnv } };
  });
}

/** The search box's keywords `status:`, `runName:`, `workflowId:` and `username:`; other words are parts of the run's name. */
function matches(run: Run, userName: string, search: string): boolean {
  const fields: Record<string, string> = {
    status: run.status,
    runname: run.runName,
    workflowid: run.id,
    username: userName,
  };
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
    .every((word) => {
      const [keyword = "", value] = word.split(":");
      if (value === undefined) return run.runName.toLowerCase().includes(word);
      return fields[keyword]?.toLowerCase() === value;
    });
}
