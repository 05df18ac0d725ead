/** Faults on request, and the record of every call: one injector serves all services of a world. */
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from "fastify";
import { type Call, CallRecord, withoutSecrets } from "./call-record.ts";
import { callerOf } from "./callers.ts";
import { checkRule, type FaultRule } from "./fault-rule.ts";
import type { ServiceName } from "./service.ts";

export type { Call } from "./call-record.ts";
export type { FaultRule } from "./fault-rule.ts";

/** How a service fits its own protocol to the injector. */
export interface FaultPluginOptions {
  /** What is recorded and matched as path; runs once the body is parsed. @default the URL */
  pathOf?: (request: FastifyRequest) => string;
  /** Sends the error of a `status` fault in the service's own shape. @default `{ message }` as JSON */
  answer?: (reply: FastifyReply, status: number, request: FastifyRequest) => unknown;
}

/** What dies with a killed engine (its steps, by way of their plugin) is dead before it could see its call fail. */
const DEATH_MILLISECONDS = 300;

interface ArmedRule extends FaultRule {
  skip: number;
  times: number;
}

/** Holds the rules and the record, and gives each service the Fastify plugin that applies and fills them. */
export class FaultInjector {
  #record = new CallRecord();
  #rules: ArmedRule[] = [];
  /** Process group of the engine that deploys now, which rules without a `pid` kill; undefined while none does. */
  engine: number | undefined;

  /** Rules that can still hit; `skip` and `times` are what is left of them. */
  get rules(): readonly FaultRule[] {
    return this.#rules;
  }

  /** @throws Error naming what is wrong, when the rule is not complete */
  add(rule: FaultRule): void {
    const checked = checkRule(rule);
    this.#rules.push({ ...checked, skip: checked.skip ?? 0, times: checked.times ?? 1 });
  }

  /** Takes all rules away; the record of calls stays. */
  clear(): void {
    this.#rules = [];
  }

  /** Every call so far, oldest first. */
  get calls(): Call[] {
    return this.#record.calls;
  }

  /** Adds a call to the record. @returns the entry, whose `status` is filled in later */
  record(call: Omit<Call, "n" | "at">): Call {
    return this.#record.add(call);
  }

  /**
   * The Fastify plugin for one service. Register it before the hooks and routes it is to cover. Rules apply in the
   * `preHandler` phase: checks of tokens and rate limits belong there too, or in the handlers.
   */
  plugin(service: ServiceName, options: FaultPluginOptions = {}): FastifyPluginCallback {
    const pathOf = options.pathOf ?? ((request) => request.url);
    const answer =
      options.answer ?? ((reply, status) => reply.send({ message: `Injected fault: ${status}` }));
    const entries = new WeakMap<FastifyRequest, Call>();
    const endings = new WeakMap<FastifyRequest, ArmedRule>();

    const plugin: FastifyPluginCallback = (app, _options, done) => {
      app.addHook("onRequest", (request, _reply, next) => {
        const { method, url } = request;
        const by = callerOf(request.headers["user-agent"]);
        entries.set(request, this.record({ service, method, path: withoutSecrets(url), status: 0, by }));
        next();
      });
      app.addHook("preHandler", async (request, reply) => {
        const path = pathOf(request);
        const entry = entries.get(request);
        if (entry !== undefined) entry.path = withoutSecrets(path);
        const rule = this.#take({
          service,
          method: request.method,
          path: path.split("?")[0] ?? "",
          by: entry?.by,
        });
        switch (rule?.kind) {
          case undefined:
            return;
          case "status":
            if (rule.retryAfterSeconds !== undefined) reply.header("retry-after", rule.retryAfterSeconds);
            await answer(reply.code(rule.status ?? 500), rule.status ?? 500, request);
            return reply;
          case "delay":
            await sleep(rule.milliseconds);
            return;
          case "hang":
            if (rule.milliseconds !== undefined)
              setTimeout(() => request.raw.socket.destroy(), rule.milliseconds).unref();
            return reply.hijack();
          case "drop-before":
            request.raw.socket.destroy();
            return reply.hijack();
          case "signal-before":
            this.#kill(rule);
            setTimeout(() => request.raw.socket.destroy(), DEATH_MILLISECONDS);
            return reply.hijack();
          case "drop-after":
          case "signal-after":
            endings.set(request, rule);
            return;
        }
      });
      app.addHook("onSend", (request, _reply, payload, next) => {
        const rule = endings.get(request);
        const drop = () => {
          if (rule !== undefined) request.raw.socket.destroy();
          next(null, payload);
        };
        if (rule?.kind !== "signal-after") return drop();
        this.#kill(rule);
        setTimeout(drop, DEATH_MILLISECONDS);
      });
      app.addHook("onResponse", (request, reply, next) => {
        const entry = entries.get(request);
        if (entry !== undefined && !endings.has(request)) entry.status = reply.statusCode;
        next();
      });
      done();
    };
    // Fastify keeps a plugin's hooks to itself unless told otherwise; this is what `fastify-plugin` sets.
    return Object.assign(plugin, { [Symbol.for("skip-override")]: true });
  }

  /** The rule that hits this call, if one does; counts it down. */
  #take({
    service,
    method,
    path,
    by,
  }: Pick<Call, "service" | "method" | "path" | "by">): ArmedRule | undefined {
    const hit = this.#rules.find((rule) => {
      if (rule.service === "any" ? by !== undefined : rule.service !== service) return false;
      if (rule.method !== undefined && rule.method.toUpperCase() !== method) return false;
      if (rule.path !== undefined && !new RegExp(rule.path).test(path)) return false;
      if (rule.skip === 0) return true;
      rule.skip -= 1;
      return false;
    });
    if (hit !== undefined && --hit.times === 0) this.#rules = this.#rules.filter((rule) => rule !== hit);
    return hit;
  }

  /**
   * SIGKILL to a whole process group, as a machine that loses power would; a group that is gone already is fine.
   * @throws Error when nobody has said which group the engine is
   */
  #kill({ pid = this.engine }: ArmedRule): void {
    if (pid === undefined) throw new Error("A fault was to kill the engine, and no engine is at work");
    try {
      process.kill(-pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
