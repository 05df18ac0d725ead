/** What is asked about 1Password, and what fits. */
import type { ChoiceQuestion, TextQuestion } from "../answers.ts";

const filled = { fits: (value: string) => value.trim() !== "", allowed: "text that is not empty" };

export const access: ChoiceQuestion = {
  flag: "--onepassword",
  message: "How do you reach 1Password?",
  choices: [
    { value: "service-account", name: "its cloud, with a service account's token" },
    { value: "connect", name: "a Connect server of our own" },
  ],
};

export const connectHost: TextQuestion = {
  ...{ flag: "--connect-host", message: "Address of the Connect server" },
  fits: (value) => /^(https:\/\/[^\s/]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)\/?$/.test(value),
  allowed: "an https URL without a path (http on loopback only)",
};

/** `ops_` begins every service account's token: https://developer.1password.com/docs/service-accounts/ */
export const serviceAccountToken: TextQuestion = {
  ...{ flag: "--token-file", message: "Service account's token (it is not shown)" },
  fits: (value) => /^ops_\S{20,}$/.test(value),
  allowed: "a service account's token, which begins with ops_",
};

export const connectToken: TextQuestion = {
  ...{ flag: "--token-file", message: "Connect server's token (it is not shown)" },
  fits: (value) => /^\S{20,}$/.test(value),
  allowed: "a Connect server's token, without spaces",
};

export function vaultName(usual: string | undefined): TextQuestion {
  return { flag: "--vault", message: "Vault", ...filled, default: usual || undefined };
}

export function itemTitle(flag: string, what: string, usual: string | undefined): TextQuestion {
  return { flag, message: `Item with ${what}`, ...filled, default: usual || undefined };
}

export function fieldLabel(setting: string, what: string, labels: string[]): ChoiceQuestion {
  const message = `Field of it with ${what}`;
  return { flag: `--field ${setting}=LABEL`, message, choices: labels.map((value) => ({ value })) };
}
