import { it, beforeAll, afterAll, expect } from "vitest";
import { startWorld, label, writes, keysOf, type E2eWorld } from "./world.ts";
let w: E2eWorld;
beforeAll(async () => { w = await startWorld();}, 300000);
afterAll(() => w.close(), 60000);
it("try", async () => {
 await w.withConfig({"AWSMegatests:rotation": "manual", "AWSMegatests:computeEnvironments": ["seqerakit/compute-envs/cpu.yml"]}, async () => {
  const t = async (op: any, f?: any) => { const b = Date.now(); const r = await w.run(op, f); console.log(op, r.ok, Date.now()-b, "ms\n" + r.text, JSON.stringify(r.steps), writes(r.calls), keysOf(await w.inspect())); return r; };
  await t("up");
  await t("up");
  w.faults.add({ service: "platform", method: "PUT", path: "^/api/credentials/", kind: "status", status: 500 });
  await w.withConfig({"AWSMegatests:rotationSerial": "2"}, () => t("up"));
  await w.withConfig({"AWSMegatests:rotationSerial": "2"}, () => t("up"));
  await w.withConfig({"AWSMegatests:rotationSerial": "2"}, () => t("up"));
  await w.withConfig({"AWSMegatests:rotationSerial": "2"}, () => t("preview"));
 });
}, 900000);
