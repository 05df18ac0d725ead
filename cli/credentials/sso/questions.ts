/** What is asked about AWS SSO, and what fits. */
import type { TextQuestion } from "../answers.ts";

/** `http` is for loopback alone: a token must not cross a network in clear. */
const URL = /^(https:\/\/[^\s/]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)(\/\S*)?$/;
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
/** What all of AWS's tools take without quotes. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.@+-]{0,63}$/;

const name = {
  fits: (value: string) => NAME.test(value),
  allowed: "up to 64 letters, digits, '.', '_', '-', '@' and '+', beginning with a letter or digit",
};
const region = { fits: (value: string) => REGION.test(value), allowed: "an AWS region, e.g. eu-west-1" };

export const startUrl: TextQuestion = {
  ...{ flag: "--start-url", message: "Start URL of the access portal" },
  fits: (value) => URL.test(value),
  allowed: "an https URL, e.g. https://d-1234567890.awsapps.com/start (http on loopback only)",
};

export const ssoRegion: TextQuestion = {
  ...{ flag: "--sso-region", message: "Region that IAM Identity Center is enabled in" },
  ...region,
};

export function sessionName(url: string): TextQuestion {
  const message = "Name for the sign-in, which profiles share";
  return { flag: "--session", message, ...name, default: sessionOf(url) };
}

export const profileName: TextQuestion = {
  ...{ flag: "--profile", message: "Name for the profile", default: "megatests" },
  ...name,
};

export function profileRegion(usual: string): TextQuestion {
  return { flag: "--region", message: "Region to work in", ...region, default: usual };
}

/** A start URL without what the address bar puts behind it, so that two spellings are one session. */
export function bareUrl(url: string): string {
  return url.replace(/\/?(#.*)?$/, "");
}

/** The portal's own name, or what stands in its place. */
function sessionOf(url: string): string {
  const { hostname, host } = new globalThis.URL(url);
  const label = hostname.endsWith(".awsapps.com") ? (hostname.split(".")[0] ?? host) : host;
  return label.replace(/[^A-Za-z0-9.-]/g, "-").replace(/^[^A-Za-z0-9]+/, "") || "sso";
}
