import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FaultInjector } from "../../../sandbox/services/faults.ts";
import { makeSeed } from "../../../sandbox/services/seed.ts";
import { startSso, type RoleCredentials, type SsoService } from "../../../sandbox/services/sso/index.ts";
import { makeProgress } from "../../progress.ts";
import { hiddenForms } from "../../redaction/known.ts";
import { openAnswers } from "../answers.ts";
import { openOidc } from "./oidc.ts";
import { setUpSso } from "./setup.ts";
import { signIn } from "./sign-in.ts";

const seed = makeSeed();
const given: RoleCredentials = {
  ...{ accessKeyId: "ASIAEXAMPLE", secretAccessKey: "secret-of-the-role", sessionToken: "token-of-the-role" },
  expiration: new Date("2099-01-01T00:00:00Z"),
};
let home: string;
let sso: SsoService;
let assumeRole: () => Promise<RoleCredentials>;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "setup-"));
  const times = { intervalSeconds: 0 };
  sso = await startSso({ faults: new FaultInjector(), seed, assumeRole: () => assumeRole(), times });
  vi.stubEnv("HOME", home);
  vi.stubEnv("AWS_CONFIG_FILE", join(home, "config"));
  vi.stubEnv("AWS_ENDPOINT_URL_SSO_OIDC", sso.url);
  vi.stubEnv("AWS_ENDPOINT_URL_SSO", sso.url);
  vi.stubEnv("AWS_MAX_ATTEMPTS", "1");
  const session = { session: "lab", startUrl: sso.startUrl, region: "eu-west-1" };
  await signIn(session, { oidc: openOidc(session), show: ({ userCode }) => sso.answer(userCode, "allowed") });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await sso.close();
  await rm(home, { recursive: true });
});

/** With every answer given. */
const setUp = () =>
  setUpSso(
    {
      ...{ startUrl: sso.startUrl, ssoRegion: "eu-west-1", session: "lab", account: seed.awsAccountId },
      ...{ role: "MegatestsDeployer", profile: "megatests", region: "eu-west-1" },
    },
    openAnswers([], false),
    makeProgress({ write: () => undefined }),
  );
const role = `the role MegatestsDeployer in account ${seed.awsAccountId}`;

test("a role whose credentials AWS does not know is no profile: nothing is written", async () => {
  assumeRole = async () => given;
  // Nobody listens there.
  vi.stubEnv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9");
  await expect(setUp()).rejects.toThrow(
    new Error(`The role MegatestsDeployer does not work, so nothing is written.
  got:     connect ECONNREFUSED 127.0.0.1:9
  allowed: ${role}
  mend:    choose another account or role, or have this one put right in IAM Identity Center; then run the same command again`),
  );
  expect(await readdir(home)).toEqual([".aws"]);
  const hidden = hiddenForms().map(({ text }) => text);
  expect(hidden).toEqual(expect.arrayContaining([given.secretAccessKey, given.sessionToken]));
});

test("a role of which the portal gives no credentials is none either", async () => {
  assumeRole = () => Promise.reject(new Error("The role is gone"));
  await expect(setUp()).rejects.toThrow(
    new Error(`AWS SSO's portal gives no credentials of the role, so nothing is written.
  got:     The role is gone
  allowed: ${role}, assigned to whoever has signed in
  mend:    have an administrator assign one in IAM Identity Center, then run the same command again`),
  );
  expect(await readdir(home)).toEqual([".aws"]);
});
