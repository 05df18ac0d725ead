import { expect, it } from "vitest";
import { CPU, ownFiles } from "./own-files.ts";
import { expectOneKey } from "./platform.ts";
import type { E2eWorld } from "./world.ts";

/** A compute environment that is to be another: the new one first, and the old one for as long as there is no new one. */
export function successor(here: () => E2eWorld): void {
  it("leaves a compute environment in use while its successor cannot be made, then replaces it", async () => {
    const e2e = here();
    const { run, faults, inspect } = e2e;
    const own = await ownFiles(e2e);
    await own.change(1200);
    const before = await inspect();
    const former = before.platform.computeEnvs.find(({ name }) => name === CPU);

    await e2e.withConfig(own.config, async () => {
      // The next one to ask Batch is Forge.
      const refused = await run("up", ({ resourcePreEvent }) => {
        if (resourcePreEvent?.metadata.urn.endsWith("::seqera-cpu") && faults.rules.length === 0)
          faults.add({ service: "aws", path: "^batch:", kind: "status", status: 403 });
      });
      expect(refused.ok).toBe(false);
      expect(refused.text).toMatch(
        /The compute environment aws_ireland_fusionv2_nvme_cpu_snapshots-[0-9a-f]{8} was not made\.\n {2}got: {5}ERRORED: Forge failed: .+\n {2}allowed: AVAILABLE within 1800 seconds\n {2}mend: {4}put right what the Platform names; then: pulumi up/,
      );
      const meanwhile = await inspect();
      expect(meanwhile.github).toEqual(before.github);
      expect(meanwhile.platform.computeEnvs).toEqual(expect.arrayContaining(before.platform.computeEnvs));

      const { ok, text, calls } = await run("up");
      expect(ok, text).toBe(true);
      const after = await inspect();
      const successor = after.platform.computeEnvs.find(({ name }) => name.startsWith(`${CPU}-`));
      expect(successor?.status).toBe("AVAILABLE");
      expect(after.platform.computeEnvs).toHaveLength(3);
      expect(after.platform.computeEnvs).not.toContainEqual(former);
      expect(after.github.variables).toEqual({
        ...before.github.variables,
        TOWER_COMPUTE_ENV_CPU: successor?.id,
      });
      const order = [
        /^POST \/api\/compute-envs$/,
        /TOWER_COMPUTE_ENV_CPU$/,
        new RegExp(`^DELETE /api/compute-envs/${former?.id}$`),
      ].map((what) =>
        calls.findIndex(
          ({ method, path }) => method !== "GET" && what.test(`${method} ${path.split("?")[0]}`),
        ),
      );
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      expect(order[0]).toBeGreaterThanOrEqual(0);
      await expectOneKey(here());
    });
  });

  it("never left the Platform with a key that AWS refuses", () => {
    expect(here().prober.probed).toMatchObject({ refused: [], unanswered: expect.any(Number) as number });
    expect(here().prober.probed.calls).toBeGreaterThan(50);
  });
}
