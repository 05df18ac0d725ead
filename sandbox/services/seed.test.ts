import { expect, it } from "vitest";
import { makeSeed } from "./seed.ts";

it("gives each world nf-core's names and tokens of its own", () => {
  const [one, other] = [makeSeed(), makeSeed()];
  expect(other).toMatchObject({ organization: "nf-core", workspace: "AWSmegatests", vault: "Dev" });
  const secrets = (seed: typeof one) => [
    seed.deployer.accessKeyId,
    seed.deployer.secretAccessKey,
    seed.platformToken,
    seed.githubToken,
    seed.connectToken,
    seed.workspaceId,
  ];
  expect(new Set([...secrets(one), ...secrets(other)]).size).toBe(12);
  expect(one.deployer.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
});

it("has in its items the very tokens the services check", () => {
  const seed = makeSeed();
  const fields = seed.items.flatMap((item) =>
    item.fields.map((field) => [`${item.title}/${field.label}`, field.value]),
  );
  expect(Object.fromEntries(fields)).toEqual({
    "AWS megatests/username": seed.deployer.accessKeyId,
    "AWS megatests/password": seed.deployer.secretAccessKey,
    "Seqera Platform/credential": seed.platformToken,
    "Seqera Platform/TOWER_ACCESS_TOKEN": seed.platformToken,
    "Seqera Platform/AWSMegatests workspace ID": String(seed.workspaceId),
    "GitHub nf-core PA Token Pulumi/credential": seed.githubToken,
    "GitHub nf-core PA Token Pulumi/token": seed.githubToken,
  });
});
