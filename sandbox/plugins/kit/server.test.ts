import grpc from "@grpc/grpc-js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { read, write } from "./messages.ts";
import type { Provider } from "./resource.ts";
import { serve } from "./server.ts";
import { secret, UNKNOWN, type Props } from "./values.ts";

type Client = InstanceType<typeof services.ResourceProviderClient>;

const created: Props[] = [];
const aborted: string[] = [];
const provider: Provider<{ who: string }> = {
  name: "toy",
  version: "1.2.3",
  configure: ({ who }) => (who ? Promise.resolve({ who }) : Promise.reject(new Error("who are you?"))),
  resources: {
    "toy:index:Thing": {
      properties: { value: {} },
      computed: ["hidden"],
      secrets: ["hidden"],
      create: ({ session }, inputs) => {
        created.push({ ...inputs, by: session.who });
        return Promise.resolve({ id: "made", outs: { ...inputs, hidden: "h" } });
      },
      read: (_context, id) => Promise.resolve(id === "gone" ? undefined : { value: "found", hidden: "h" }),
      update: ({ signal, urn }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => {
            aborted.push(urn);
            reject(new Error("aborted"));
          }),
        ),
      delete: () => Promise.reject(new Error("no deletion was expected")),
    },
  },
  functions: { "toy:index:who": ({ who }, args) => Promise.resolve({ who, ...args }) },
};

const URN = "urn:pulumi:s::p::toy:index:Parent$toy:index:Thing::name";
const clients: Client[] = [];
let port: number;

/** Every client has a connection of its own, as every provider resource of an engine has. */
function connect(): Client {
  const separate = { "grpc.use_local_subchannel_pool": 1 };
  const client = new services.ResourceProviderClient(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
    separate,
  );
  clients.push(client);
  return client;
}

function configure(client: Client, variables: Record<string, string>) {
  const request = new messages.ConfigureRequest();
  for (const [key, value] of Object.entries(variables))
    request.getVariablesMap().set(`toy:config:${key}`, value);
  return new Promise<InstanceType<typeof messages.ConfigureResponse>>((resolve, reject) =>
    client.configure(request, (error, response) => (error ? reject(error) : resolve(response))),
  );
}

function invoke(client: Client, token: string, args: Props) {
  return new Promise<Props>((resolve, reject) =>
    client.invoke(new messages.InvokeRequest().setTok(token).setArgs(write(args)), (error, response) =>
      error ? reject(error) : resolve(read(response.getReturn())),
    ),
  );
}

function create(client: Client, inputs: Props, isPreview = false) {
  const request = new messages.CreateRequest().setUrn(URN).setProperties(write(inputs)).setPreview(isPreview);
  return new Promise<{ id: string; outs: unknown }>((resolve, reject) =>
    client.create(request, (error, response) =>
      error
        ? reject(error)
        : resolve({ id: response.getId(), outs: response.getProperties()?.toJavaScript() }),
    ),
  );
}

beforeEach(async () => {
  port = await serve(provider);
  created.length = aborted.length = 0;
});
afterEach(() => clients.splice(0).forEach((client) => client.close()));

describe("the protocol of a stand-in plugin", () => {
  it("keeps the configurations of several provider resources apart", async () => {
    const [ann, bob] = [connect(), connect()];
    await Promise.all([configure(ann, { who: "ann" }), configure(bob, { who: "bob" })]);
    expect(await invoke(ann, "toy:index:who", {})).toEqual({ who: "ann" });
    expect(await invoke(bob, "toy:index:who", { more: 1 })).toEqual({ who: "bob", more: 1 });
  });

  it("passes on why it cannot be configured, and refuses work until it is", async () => {
    const client = connect();
    await expect(configure(client, {})).rejects.toThrow("who are you?");
    await expect(invoke(connect(), "toy:index:who", {})).rejects.toThrow("called before it was configured");
  });

  it("makes nothing in a preview, and marks secrets when it does", async () => {
    const client = connect();
    await configure(client, { who: "ann" });
    expect(await create(client, { value: UNKNOWN }, true)).toEqual({
      id: "",
      outs: { value: UNKNOWN, hidden: UNKNOWN },
    });
    expect(created).toEqual([]);
    expect(await create(client, { value: secret("s") })).toEqual({
      id: "made",
      outs: { value: "s", hidden: secret("h") },
    });
    expect(created).toEqual([{ value: "s", by: "ann" }]);
  });

  it.each<[string, (client: Client, call: grpc.ClientUnaryCall) => void]>([
    ["the engine cancels it", (client) => client.cancel(new emptyMessages.Empty(), () => undefined)],
    ["the engine is gone", (_client, call) => call.cancel()],
  ])("aborts what is under way when %s", async (_when, end) => {
    const client = connect();
    await configure(client, { who: "ann" });
    const update = client.update(new messages.UpdateRequest().setUrn(URN), () => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(aborted).toEqual([]);
    end(client, update);
    await expect.poll(() => aborted).toEqual([URN]);
  });

  it("answers a read of what does not exist with an empty id", async () => {
    const client = connect();
    await configure(client, { who: "ann" });
    const readId = (id: string) =>
      new Promise<string>((resolve, reject) =>
        client.read(new messages.ReadRequest().setUrn(URN).setId(id), (error, response) =>
          error ? reject(error) : resolve(response.getId()),
        ),
      );
    expect([await readId("there"), await readId("gone")]).toEqual(["there", ""]);
  });

  it("says which functions there are when asked for another", async () => {
    const client = connect();
    await configure(client, { who: "ann" });
    await expect(invoke(client, "toy:index:what", {})).rejects.toThrow(
      "the toy plugin of the sandbox is a stand-in without the function toy:index:what: it has toy:index:who.",
    );
  });
});
