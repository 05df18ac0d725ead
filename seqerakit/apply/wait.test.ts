import { describe, expect, it } from "vitest";
import { until } from "./wait.ts";

const patience = { limitSeconds: 0.05, pollMilliseconds: 5 };

describe("until", () => {
  it("gives the first answer there is", async () => {
    let looks = 0;
    const answer = await until(
      patience,
      async () => (++looks === 3 ? "there" : undefined),
      () => new Error("late"),
    );
    expect([answer, looks]).toEqual(["there", 3]);
  });

  it("ends at the limit with the error it was given", async () => {
    await expect(
      until(
        patience,
        async () => undefined,
        () => new Error("late"),
      ),
    ).rejects.toThrow("late");
  });

  it("does not go on after a look that failed", async () => {
    let looks = 0;
    const look = async () => {
      looks++;
      throw new Error("refused");
    };
    await expect(until(patience, look, () => new Error("late"))).rejects.toThrow("refused");
    expect(looks).toBe(1);
  });
});
