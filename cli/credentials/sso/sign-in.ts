/** Signs in: by what an earlier sign-in has left, else by a device code that a person allows in a browser. */
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../../../fault.ts";
import type { Device, Oidc } from "./oidc.ts";
import type { OidcClient, SsoSession, SsoToken } from "./session.ts";
import { readToken, writeToken } from "./token-cache.ts";

/** How it came to the token. */
export type Way = "still open" | "renewed" | "signed in";

/** What a sign-in works with. */
export interface SignInOptions {
  oidc: Oidc;
  /** Shows code and page to the person; nothing opens a browser. */
  show(device: Device): void;
  /** Ends the waiting. */
  signal?: AbortSignal;
  /** Asks anew although the token at hand seems to be good. @default false */
  anew?: boolean;
  /** @default the system's */
  clock?: Clock;
}

/** Time, as a test may make it pass. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<unknown>;
}

/** What ends sooner than this is renewed: AWS's SDKs do so, too. */
const SOON_MILLISECONDS = 5 * 60 * 1000;
/** By which the pause grows when the service asks for it. RFC 8628, section 3.5 */
const SLOWER_SECONDS = 5;
/** The pause doubles while the service gives no answer, up to this: the person may have allowed it meanwhile. */
const LONGEST_PAUSE_SECONDS = 60;

const systemClock: Clock = {
  now: Date.now,
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
};

/**
 * Gives a token that is good, and leaves it where AWS's SDKs look for it.
 * @throws Fault when the person denies it or takes too long, or the service refuses, or is away until the code ends
 */
export async function signIn(
  session: SsoSession,
  options: SignInOptions,
): Promise<{ way: Way; token: SsoToken }> {
  const { oidc, anew = false, clock = systemClock } = options;
  const found = await readToken(session.session);
  const held = found?.startUrl === session.startUrl ? found : undefined;
  const lasts = (until: Date) => until.getTime() - clock.now() > SOON_MILLISECONDS;
  if (held && !anew && lasts(held.expiresAt)) return { way: "still open", token: held };
  const registered = held && lasts(held.registrationExpiresAt) ? held : undefined;
  if (registered?.refreshToken && !anew) {
    const token = await oidc.refresh(registered);
    if (token) return keep(session, "renewed", token);
  }
  return keep(session, "signed in", await byDevice(options, clock, registered));
}

async function keep({ session }: SsoSession, way: Way, token: SsoToken) {
  await writeToken(session, token);
  return { way, token };
}

async function byDevice(
  { oidc, show, signal }: SignInOptions,
  clock: Clock,
  registered: OidcClient | undefined,
): Promise<SsoToken> {
  const { client, device } = await begin(oidc, registered);
  show(device);
  const end = clock.now() + device.seconds * 1000;
  let silence: Error | undefined;
  for (let [pause, wait] = [device.interval, device.interval]; clock.now() < end;) {
    await clock.sleep(Math.min(wait * 1000, end - clock.now()), signal);
    const answer = await oidc.ask(client, device);
    silence = undefined;
    if (answer === "expired") break;
    if (answer === "denied") throw denied(device);
    if (answer === "slow down") pause += SLOWER_SECONDS;
    else if (answer !== "pending" && "token" in answer) return answer.token;
    else if (answer !== "pending") silence = answer.unanswered;
    wait = silence ? Math.min(Math.max(2 * wait, 1), LONGEST_PAUSE_SECONDS) : pause;
  }
  throw silence ?? tooLate(device);
}

/** A registration may have been ended before its time. */
async function begin(oidc: Oidc, registered: OidcClient | undefined) {
  if (registered) {
    const device = await oidc.authorize(registered);
    if (device !== "unregistered") return { client: registered, device };
  }
  const client = await oidc.register();
  const device = await oidc.authorize(client);
  if (device !== "unregistered") return { client, device };
  throw new Fault("AWS SSO does not know the client that it has just registered.", {
    mend: "run the same command again",
  });
}

const AGAIN = "run the same command again, and allow it in the browser";

function denied({ userCode }: Device): Fault {
  return new Fault("The sign-in was denied.", {
    got: `the code ${userCode}, denied in the browser`,
    allowed: "the code, allowed in the browser",
    mend: AGAIN,
  });
}

function tooLate({ userCode, seconds }: Device): Fault {
  return new Fault("The sign-in was not allowed in time.", {
    got: `no answer to the code ${userCode} within ${Math.ceil(seconds / 60)} min`,
    allowed: "the code, allowed in the browser before it expires",
    mend: AGAIN,
  });
}
