/** The sign-in as commands use it: what a person sees while it waits, and an orderly end on Ctrl-C. */
import { Interrupted } from "../no-answer.ts";
import type { Progress } from "../../progress.ts";
import { openOidc, type Device } from "./oidc.ts";
import type { SsoSession, SsoToken } from "./session.ts";
import { signIn, type Way } from "./sign-in.ts";

/**
 * Signs in to a session, and says how and until when.
 * @param anew see {@link signIn}
 * @throws Interrupted on Ctrl-C, with nothing written
 */
export async function openSession(session: SsoSession, progress: Progress, anew = false): Promise<SsoToken> {
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once("SIGINT", stop);
  const oidc = openOidc(session, abort.signal);
  const show = (device: Device) => tell(device, progress);
  try {
    const { way, token } = await signIn(session, { oidc, show, anew, signal: abort.signal });
    progress.line(`${WORDS[way]}, until ${token.expiresAt.toISOString()}.`);
    return token;
  } catch (error) {
    throw abort.signal.aborted ? new Interrupted() : error;
  } finally {
    process.removeListener("SIGINT", stop);
  }
}

const WORDS: Record<Way, string> = {
  "still open": "Signed in already",
  renewed: "The sign-in is renewed",
  "signed in": "Signed in",
};

function tell({ userCode, url, urlWithCode, seconds }: Device, progress: Progress): void {
  progress.line(`To sign in, open this page in a browser and allow it there:
    ${urlWithCode}
The code it shows must be:  ${userCode}   (or type it at ${url})
Waiting for it, ${Math.ceil(seconds / 60)} min at most; Ctrl-C ends it …`);
}
