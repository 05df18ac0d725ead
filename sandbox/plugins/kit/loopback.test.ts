import { expect, it } from "vitest";
import { loopbackOnly } from "./loopback.ts";

it.each([
  "http://127.0.0.1:80",
  "http://127.9.9.9/",
  "http://[::1]:80/x",
  "http://localhost",
  "http://a.localhost:1",
])("lets %s pass", async (url) => {
  await expect(loopbackOnly(url, "url")).resolves.toBe(url);
});

it.each([
  "https://iam.amazonaws.com",
  "http://10.0.0.1",
  "http://0.0.0.0:80",
  "http://127.0.0.1.example.invalid",
])("refuses %s before anything is sent", async (url) => {
  await expect(loopbackOnly(url, "baseUrl")).rejects.toThrow(
    `baseUrl is ${url}: this is a stand-in plugin of the sandbox, and it talks to this machine only`,
  );
});

it("names the setting that is no URL", async () => {
  await expect(loopbackOnly("nowhere", "url")).rejects.toThrow(
    'url is "nowhere": it must be an http:// or https:// URL',
  );
});

it("refuses a host of which one address is elsewhere", async () => {
  const resolve = () => Promise.resolve([{ address: "127.0.0.1" }, { address: "192.0.2.1" }]);
  await expect(loopbackOnly("http://host.test", "url", resolve)).rejects.toThrow("url is http://host.test");
  await expect(
    loopbackOnly("http://host.test", "url", () => Promise.resolve([{ address: "::1" }])),
  ).resolves.toBeDefined();
});
