/** The page where a person allows or denies a device. The real one asks for password and second factor first. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Device, SsoState } from "./model.ts";

const code = z.object({ user_code: z.string().regex(/^[A-Z-]{1,20}$/) });
const answer = code.extend({ answer: z.enum(["allowed", "denied"]) });

/** Answers a device that waits. @throws Error when none waits under that code */
export function answerDevice(state: SsoState, userCode: string, given: "allowed" | "denied"): void {
  const device = waiting(state, userCode);
  if (device === undefined) throw new Error(`No sign-in waits under the code ${userCode}`);
  device.answer = given;
}

/** `GET` shows the page, `POST` with `user_code` and `answer` (allowed or denied) presses a button on it. */
export function pageRoutes(app: FastifyInstance, state: SsoState): void {
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.get("/start", async (_request, reply) =>
    html(reply.type("text/html"), "This is the start URL. Sign in with: megatests credentials setup"),
  );
  app.get("/device", async ({ query }, reply) => {
    const asked = code.safeParse(query);
    const known = asked.success && waiting(state, asked.data.user_code);
    reply.type("text/html");
    if (!known) return html(reply.code(404), "No sign-in waits under this code.");
    const button = (value: string, label: string) =>
      `<button name="answer" value="${value}">${label}</button>`;
    return html(
      reply,
      `A command line asks to sign in. Its code: <b>${known.userCode}</b>
<form method="post"><input type="hidden" name="user_code" value="${known.userCode}">
${button("allowed", "Allow")} ${button("denied", "Deny")}</form>`,
    );
  });
  app.post("/device", async ({ body }, reply) => {
    const given = answer.safeParse(body);
    reply.type("text/html");
    if (!given.success || !waiting(state, given.data.user_code))
      return html(reply.code(404), "No sign-in waits under this code.");
    answerDevice(state, given.data.user_code, given.data.answer);
    return html(reply, `Done: ${given.data.answer}. You can close this page.`);
  });
}

function waiting(state: SsoState, userCode: string): Device | undefined {
  return Object.values(state.devices).find(
    (device) => device.userCode === userCode && device.answer === "none" && device.expiresAt >= Date.now(),
  );
}

function html(reply: { send(text: string): unknown }, body: string) {
  return reply.send(`<!doctype html><title>Sandbox sign-in</title>
<p>This is a stand-in for AWS IAM Identity Center: it asks nobody who they are.</p>
<p>${body}</p>`);
}
