/** The question that precedes every request, so it is asked by the shortest way: `fetch` takes twice as long. */
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import type { LookUp } from "./authorization/authorize.ts";
import { LOOK_UP } from "./authorization/identity.ts";

/**
 * @param moto its URL
 * @param token shows that the gateway asks
 * @returns the question, and how to end the connections that are kept for it
 */
export function createLookUp(moto: string, token: string): { lookUp: LookUp; close(): void } {
  const agent = new Agent({ keepAlive: true });
  const lookUp: LookUp = async (question) => {
    const body = JSON.stringify(question);
    const headers = { "content-type": "application/json", "x-sandbox-token": token };
    const answer = await new Promise<string>((resolve, reject) => {
      const asking = request(`${moto}/sandbox/identity`, { agent, method: "POST", headers }, (response) => {
        const said = text(response);
        if (response.statusCode === 200) said.then(resolve, reject);
        else said.then((why) => reject(new Error(`moto does not say whose a key is: ${why}`)), reject);
      });
      asking.on("error", reject).end(body);
    });
    return LOOK_UP.parse(JSON.parse(answer));
  };
  return { lookUp, close: () => agent.destroy() };
}
