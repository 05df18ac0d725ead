/** /labels: made on demand, found again by name and value. */
import type { FastifyInstance } from "fastify";
import { type Label, showLabel } from "./model.ts";
import { LABEL_BODY } from "./bodies.ts";
import { parseBody, parseQuery } from "./requests.ts";
import type { Store } from "./store.ts";

/** Adds the routes. */
export function labelRoutes(app: FastifyInstance, store: Store): void {
  app.get("/labels", (request) => {
    const { workspaceId, search = "", type = "all", isDefault, max, offset } = parseQuery(request.query);
    const found = store.labels(workspaceId).filter((label) => {
      if (type !== "all" && label.resource !== (type === "resource")) return false;
      if (isDefault !== undefined && label.isDefault !== isDefault) return false;
      const text = label.resource ? `${label.name}=${label.value}` : label.name;
      return text.toLowerCase().includes(search.toLowerCase());
    });
    return { labels: found.slice(offset, offset + max).map(showLabel), totalSize: found.length };
  });

  app.post("/labels", (request) => {
    const { workspaceId } = parseQuery(request.query);
    const { name, value, resource = false, isDefault = false } = parseBody(LABEL_BODY, request.body);
    const same = store.labels(workspaceId).find((label) => label.name === name && label.value === value);
    if (same !== undefined) return showLabel(same);
    const id = 1 + Math.max(0, ...store.state.labels.map((label) => label.id));
    const label: Label = { id, workspaceId, name, value, resource, isDefault };
    store.state.labels.push(label);
    return showLabel(label);
  });
}
