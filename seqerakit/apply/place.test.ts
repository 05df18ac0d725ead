import { describe, expect, it } from "vitest";
import { isSame } from "./place.ts";

const config = {
  region: "eu-west-1",
  waveEnabled: true,
  forge: { maxCpus: 500, gpuEnabled: false, subnets: [] },
};
const label = (name: string, more: object = {}) => ({ name, value: "1", ...more });

describe("a compute environment with", () => {
  it.each([
    ["the same", config, true],
    ["more than asked for", { ...config, cliPath: "/x", forge: { ...config.forge, type: "SPOT" } }, true],
    [
      "what is false or empty left out",
      { region: "eu-west-1", waveEnabled: true, forge: { maxCpus: 500 } },
      true,
    ],
    ["what is true left out", { ...config, waveEnabled: undefined }, false],
    ["another number", { ...config, forge: { ...config.forge, maxCpus: 1 } }, false],
    ["more in a list", { ...config, forge: { ...config.forge, subnets: ["subnet-1"] } }, false],
    ["nothing", {}, false],
  ])("%s: the one asked for is %s", (_, found, same) => {
    expect(isSame({ config: found }, { config, labels: [] })).toBe(same);
  });

  it.each([
    ["the labels asked for", [label("a"), label("b")], true],
    [
      "a default label of the workspace besides",
      [label("a"), label("b"), label("c", { isDefault: true })],
      true,
    ],
    ["a label more", [label("a"), label("b"), label("c")], false],
    ["a label less", [label("a")], false],
    ["another value", [label("a"), label("b", { value: "2" })], false],
  ])("%s", (_, labels, same) => {
    expect(isSame({ config, labels }, { config, labels: ["a=1", "b=1"] })).toBe(same);
  });
});
