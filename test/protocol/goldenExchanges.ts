/** What the agent asks in each golden conversation, and the results that its callers must get. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { PluginClient } from "../../src/agent/launch/PluginClient.ts"
import {
  Cookie,
  Generation,
  NativeId,
  NodeName,
  OperationId,
  RequestId,
  ResourceType,
} from "../../src/protocol/Identity.ts"
import type { OperatorSettings } from "../../src/protocol/Settings.ts"

const settings: OperatorSettings = {
  retry: { maxRetries: 2, baseMillis: 1, capMillis: 1 },
  poll: { baseMillis: 1, factor: 1, capMillis: 1 },
  callTimeoutMillis: 60_000,
  logLevel: "Info",
}

const greeting = {
  protocol: { min: 1, max: 1 },
  agentVersion: "0.1.0",
  agentNode: NodeName.make("agent@localhost"),
  generation: Generation.make(1),
  cookie: Cookie.make("cookie"),
  settings,
}

const onType = (operationId: string) => ({
  operationId: OperationId.make(operationId),
  resourceType: ResourceType.make("Golden::Of::Thing"),
  targetConfig: { region: "eu-west-1" },
})
const on = (operationId: string) => ({ ...onType(operationId), label: "it" })
const the = (operationId: string, nativeId: string) => ({ ...on(operationId), nativeId: NativeId.make(nativeId) })

/** A call, and the result that its caller must get. `sent` completes when the request has arrived. */
interface Exchange {
  readonly call: (
    client: PluginClient,
    sent: Effect.Effect<void>,
  ) => Effect.Effect<unknown, { readonly _tag: string; readonly message: string }>
  readonly expected: unknown
}

const refused = (message: string) => ({ _tag: "HandshakeRefused", message })
const succeeded = (nativeId: string, properties: object, attempts = 1) => ({
  status: "Succeeded",
  attempts,
  nativeId,
  properties,
})
const failed = (code: string, message: string) => ({ status: "Failed", attempts: 1, failure: { code, message } })

const greets: Exchange = {
  call: (client) =>
    Effect.map(client.Handshake(greeting), ({ name, namespace, node, pid, protocol, types, version }) => ({
      identity: [protocol, name, namespace, version, node, pid],
      types: types.map(({ idempotency, listable, properties, recoverable, targetIdentity, type }) => ({
        type,
        idempotency,
        listable,
        recoverable,
        targetIdentity,
        output: Object.keys(properties).filter((name) => properties[name]?.output),
      })),
    })),
  expected: {
    identity: [1, "golden", "Golden", "1.0.0", "golden-plugin@localhost", 4242],
    types: [
      {
        type: "Golden::Of::Thing",
        idempotency: "name",
        listable: true,
        recoverable: true,
        targetIdentity: ["region"],
        output: ["ThingId"],
      },
    ],
  },
}

const watches = (operationId: string, ...expected: ReadonlyArray<unknown>): Exchange => ({
  call: (client) => Stream.runCollect(client.Watch({ operationId: OperationId.make(operationId) })),
  expected,
})
const creates = (
  operationId: string,
  properties: { readonly [name: string]: string | number },
  expected: unknown,
): Exchange => ({
  call: (client) => client.Create({ ...on(operationId), properties }),
  expected,
})
/** What the target says by itself. */
const place = `[["region","eu-west-1"]]`

const recovers = (Name: string, expected: unknown): Exchange => ({
  call: (client) => client.Recover({ ...on("op-12"), properties: { Name } }),
  expected,
})

export const goldenExchanges: Readonly<Record<string, ReadonlyArray<Exchange>>> = {
  handshake: [
    {
      call: (client) => client.Handshake({ ...greeting, cookie: Cookie.make("another") }),
      expected: refused(
        "The cookie of the handshake is not the one of this launch: only the agent that started it may use it",
      ),
    },
    {
      call: (client) => client.Handshake({ ...greeting, protocol: { min: 2, max: 3 } }),
      expected: refused("The plugin golden 1.0.0 speaks protocol 1, the agent 0.1.0 speaks 2 to 3: upgrade the plugin"),
    },
    {
      call: (client) => client.Handshake({ ...greeting, config: Redacted.make({ endpoint: "secret" }) }),
      expected: refused(
        "The plugin golden has no settings, and was given endpoint: take them out of its configuration",
      ),
    },
    {
      call: (client) => client.Read(the("op-1", "a")),
      expected: { _tag: "ProtocolError", message: "The first call must be the Handshake" },
    },
    greets,
    { call: (client) => client.Handshake(greeting), expected: refused("This launch has had its handshake already") },
    { call: (client) => client.Configure({ ...settings, logLevel: "Debug" }), expected: undefined },
  ],
  operations: [
    greets,
    creates("op-1", { Name: "a", Size: 1 }, succeeded("a", { Name: "a", Size: 1, ThingId: "a" })),
    creates(
      "op-2",
      { Name: "later" },
      {
        status: "InProgress",
        attempts: 1,
        requestId: "work on later",
        nativeId: "later",
      },
    ),
    watches("op-2", succeeded("later", { Name: "later", ThingId: "later" })),
    creates(
      "op-3",
      { Name: "throttled" },
      {
        status: "InProgress",
        attempts: 1,
        failure: { code: "Throttling", message: "not so fast" },
      },
    ),
    watches("op-3", succeeded("throttled", { Name: "throttled", ThingId: "throttled" }, 2)),
    { call: (client) => client.Read(the("op-4", "a")), expected: succeeded("a", { Name: "a", Size: 1, ThingId: "a" }) },
    {
      call: (client) => client.Read(the("op-5", "missing")),
      expected: { ...failed("NotFound", "missing does not exist"), nativeId: "missing" },
    },
    {
      call: (client) =>
        client.Update({
          ...the("op-6", "a"),
          prior: { Name: "a", Size: 1 },
          desired: { Name: "a", Size: 2 },
          patch: [{ op: "replace", path: "/Size", value: 2 }],
        }),
      expected: succeeded("a", { Name: "a", Size: 2, ThingId: "a" }),
    },
    { call: (client) => client.Delete(the("op-7", "a")), expected: succeeded("a", {}) },
    { call: (client) => client.Delete(the("op-8", "missing")), expected: succeeded("missing", {}) },
    {
      call: (client) => client.Status({ ...the("op-9", "later"), requestId: RequestId.make("work on later") }),
      expected: succeeded("later", { Name: "later", ThingId: "later" }, 0),
    },
    {
      call: (client) => client.List({ ...onType("op-10"), pageSize: 2 }),
      expected: { nativeIds: ["a", "b"], nextPageToken: "page 2" },
    },
    {
      call: (client) => client.List({ ...onType("op-11"), pageToken: "page 2", pageSize: 2 }),
      expected: { nativeIds: ["c"] },
    },
    recovers("nothing", { status: "NotStarted" }),
    recovers("later", { status: "InProgress", requestId: "work on later", nativeId: "later" }),
    recovers("done", { status: "Done", nativeId: "done", properties: { Name: "done", ThingId: "done" } }),
    recovers("refused", { status: "Unknown", message: "AccessDenied: not for you" }),
  ],
  identity: [
    greets,
    { call: (client) => client.Identify(onType("op-1")), expected: { place } },
    {
      call: (client) => client.Identify({ ...onType("op-2"), properties: { Name: "a", Size: 1 } }),
      expected: { place, nativeId: "a" },
    },
    { call: (client) => client.Identify({ ...onType("op-3"), properties: { Size: 1 } }), expected: { place } },
    {
      call: (client) => client.Identify({ ...onType("op-4"), properties: { Name: "refused" } }),
      expected: { _tag: "IdentifyFailed", message: "AccessDenied: not for you" },
    },
  ],
  errors: [
    greets,
    creates("op-1", { Name: "refused" }, failed("AccessDenied", "not for you")),
    creates("op-2", { Name: 5 }, failed("InvalidRequest", "properties: Name: Expected string")),
    {
      call: (client) =>
        client.Update({
          ...the("op-3", "a"),
          prior: { Name: "a" },
          desired: { Name: "b" },
          patch: [{ op: "replace", path: "/Name", value: "b" }],
        }),
      expected: failed("NotUpdatable", "Name cannot be changed after create"),
    },
    {
      call: (client) => client.Read({ ...the("op-4", "a"), resourceType: ResourceType.make("Golden::Of::Nothing") }),
      expected: {
        _tag: "OperationNotSupported",
        message: "The plugin golden does not know the resource type Golden::Of::Nothing. It serves: Golden::Of::Thing",
      },
    },
    {
      ...watches("op-0"),
      expected: { _tag: "ProtocolError", message: "There is no operation op-0 to watch" },
    },
    {
      call: (client) => client.List({ ...onType("op-5"), pageToken: "page 9" }),
      expected: { _tag: "ListFailed", message: "InvalidRequest: There is no page page 9" },
    },
    {
      call: (client, sent) => Effect.raceFirst(client.Create({ ...on("op-6"), properties: { Name: "never" } }), sent),
      expected: undefined,
    },
  ],
}
