import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NameTaken } from "./name-taken.ts";
import { profileLines, readAwsFiles, sessionFor, sessionLines, type WantedProfile } from "./profile.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-profile-"));
  vi.stubEnv("AWS_CONFIG_FILE", join(folder, "config"));
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(folder, "credentials"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const wanted: WantedProfile = {
  ...{ session: "lab", startUrl: "https://lab.awsapps.com/start", region: "eu-central-1" },
  ...{ profile: "megatests", accountId: "123456789012", roleName: "Deployer", profileRegion: "eu-west-1" },
};
const SESSION = `[sso-session lab]
sso_start_url = https://lab.awsapps.com/start
sso_region = eu-central-1
sso_registration_scopes = sso:account:access`;
const PROFILE = `[profile megatests]
sso_session = lab
sso_account_id = 123456789012
sso_role_name = Deployer
region = eu-west-1`;
const lines = async (config = "", credentials = "", changes: Partial<WantedProfile> = {}) => {
  await writeFile(join(folder, "config"), config);
  await writeFile(join(folder, "credentials"), credentials);
  const files = await readAwsFiles();
  return [sessionLines(files, wanted), profileLines(files, { ...wanted, ...changes })]
    .map((section) => section.join("\n"))
    .join("|");
};

test("both sections where there is neither, also without any file", async () => {
  const files = await readAwsFiles();
  expect(sessionLines(files, wanted).join("\n")).toBe(SESSION);
  expect(profileLines(files, wanted).join("\n")).toBe(PROFILE);
  expect(await lines("[profile other]\nregion = x\n")).toBe(`${SESSION}|${PROFILE}`);
});

test("only what is missing; nothing the second time", async () => {
  expect(await lines(SESSION)).toBe(`|${PROFILE}`);
  expect(await lines(PROFILE)).toBe(`${SESSION}|`);
  expect(await lines(`${PROFILE}\noutput = json\n# and more\n\n${SESSION}`)).toBe("|");
});

test("the default profile's section has no word before its name", async () => {
  expect(await lines(SESSION, "", { profile: "default" })).toMatch(/^\|\[default\]\nsso_session = lab\n/);
});

test.each<[string, string, string, string]>([
  [
    "another account and no region",
    PROFILE.replace("123456789012", "210987654321").replace("\nregion = eu-west-1", ""),
    "",
    `The profile megatests is there already and is another one, so nothing is written.
  got:     sso_account_id = 210987654321; no region
  allowed: sso_session = lab; sso_account_id = 123456789012; sso_role_name = Deployer; region = eu-west-1
  mend:    choose another name: --profile NAME; or take the old one out of the file by hand`,
  ],
  [
    "keys of its own, whose values are not shown",
    `${PROFILE}\naws_access_key_id = AKIAHUSH\naws_secret_access_key = hush`,
    "",
    `The profile megatests is there already and is another one, so nothing is written.
  got:     aws_access_key_id; aws_secret_access_key
  allowed: sso_session = lab; sso_account_id = 123456789012; sso_role_name = Deployer; region = eu-west-1
  mend:    choose another name: --profile NAME; or take the old one out of the file by hand`,
  ],
  [
    "keys in the other file",
    "",
    "[megatests]\naws_access_key_id = AKIAHUSH\naws_secret_access_key = hush",
    `The profile megatests is there already and is another one, so nothing is written.
  got:     aws_access_key_id; aws_secret_access_key
  allowed: a name that ~/.aws/credentials has no keys for
  mend:    choose another name: --profile NAME; or take the old one out of the file by hand`,
  ],
  [
    "a session of another portal",
    SESSION.replace("https://lab.", "https://other."),
    "",
    `The session lab is there already and is another one, so nothing is written.
  got:     sso_start_url = https://other.awsapps.com/start
  allowed: sso_start_url = https://lab.awsapps.com/start; sso_region = eu-central-1
  mend:    choose another name: --session NAME; or take the old one out of the file by hand`,
  ],
])("refuses where the name is taken by %s", async (_what, config, credentials, text) => {
  const refused = await lines(config, credentials).catch((error: Error) => error);
  expect(refused).toBeInstanceOf(NameTaken);
  expect((refused as Error).message).toBe(text);
});

const taken = (what: string, flag: string, got: string, allowed: string) =>
  `${what} is there already and is another one, so nothing is written.
  got:     ${got}, in which AWS's SDK sees no setting
  allowed: ${allowed}
  mend:    choose another name: ${flag} NAME; or take the old one out of the file by hand`;

test.each([
  ["[profile megatests]", `# mine\n[profile megatests]\n\n${SESSION}`, "line 2"],
  ["[profile megatests]", `${SESSION}\n[profile megatests]# with a comment\nregion = x\n`, "line 5"],
  ["[profile  megatests]", `${SESSION}\r\n[profile  megatests]\r\nregion = x\r\n`, "line 5"],
])("refuses a profile that others see under %s", async (header, config, line) => {
  const allowed =
    "sso_session = lab; sso_account_id = 123456789012; sso_role_name = Deployer; region = eu-west-1";
  await expect(lines(config)).rejects.toMatchObject({
    message: taken("The profile megatests", "--profile", `${header} in ${line}`, allowed),
  });
});

test.each(["[sso-session lab]", "[sso-session  lab]", "[sso-session lab]#"])(
  "refuses a session that others see under %s",
  async (header) => {
    const keys = header.endsWith("]") && !header.includes("  ") ? "" : "sso_region = x\n";
    const [got = ""] = header.split("#");
    const allowed = "sso_start_url = https://lab.awsapps.com/start; sso_region = eu-central-1";
    await expect(lines(`${header}\n${keys}`)).rejects.toMatchObject({
      message: taken("The session lab", "--session", `${got} in line 1`, allowed),
    });
  },
);

test("a default profile with nothing in it is taken, too", async () => {
  await expect(lines(`${SESSION}\n[default]\n`, "", { profile: "default" })).rejects.toBeInstanceOf(
    NameTaken,
  );
});

test("finds the session of a portal by what it says, not by its name", async () => {
  await writeFile(join(folder, "config"), `${SESSION}\n\n${SESSION.replaceAll("lab", "two")}`);
  const files = await readAwsFiles();
  const two = { session: "two", startUrl: "https://two.awsapps.com/start", region: "eu-central-1" };
  expect(sessionFor(files, two.startUrl, two.region)).toEqual(two);
  expect(sessionFor(files, `${two.startUrl}/#/`, two.region)).toEqual(two);
  expect(sessionFor(files, "https://two.awsapps.com/start", "eu-west-1")).toBeUndefined();
});
