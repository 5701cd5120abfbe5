/** What the agent asks in each golden conversation, and the results that its callers must get. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Struct from "effect/Struct"
import { Cookie, NativeId, RequestId, ResourceType } from "../../src/protocol/Identity.ts"
import {
  settings,
  greeting,
  onType,
  on,
  the,
  type Exchange,
  refused,
  succeeded,
  failed,
  greets,
  watches,
  creates,
  accepted,
  gone,
  asks,
  died,
  place,
  recovers,
  leases,
  leaseEnded,
} from "./goldenCalls.ts"

const rateLimit = {
  perSecond: 1_000,
  burst: 2,
  targets: [{ where: { region: "eu-west-1" }, perSecond: 500, burst: 1 }],
}

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
  describe: [
    {
      call: (client) =>
        Effect.map(client.Handshake({ ...greeting, features: ["describe"] }), ({ types }) =>
          types.map(({ schema, targetSchema, type }) => ({ type, schema, targetSchema })),
        ),
      expected: [{ type: "Golden::Of::Thing", schema: undefined, targetSchema: undefined }],
    },
    {
      call: (client) =>
        Effect.map(client.Describe({ types: [ResourceType.make("Golden::Of::Thing")] }), ({ types }) =>
          types.map(({ schema, targetSchema, type }) => [
            type,
            Object.keys(schema["properties"] ?? {}),
            Object.keys(targetSchema?.["properties"] ?? {}),
          ]),
        ),
      expected: [["Golden::Of::Thing", ["Name", "Size", "ThingId"], ["region"]]],
    },
    {
      call: (client) => client.Describe({ types: [ResourceType.make("Golden::Of::Nothing")] }),
      expected: {
        _tag: "OperationNotSupported",
        message: "The plugin golden does not serve the resource type Golden::Of::Nothing",
      },
    },
  ],
  waits: [
    {
      call: (client) =>
        Effect.map(client.Handshake({ ...greeting, features: ["describe", "rateLimit"] }), ({ features }) => features),
      expected: ["paths", "canonicalize", "describe", "naming", "lastRead", "rateLimit"],
    },
    { call: (client) => client.Configure({ ...settings, rateLimit }), expected: undefined },
    creates(
      "op-1",
      { Name: "busy" },
      {
        status: "InProgress",
        attempts: 1,
        failure: { code: "Throttling", message: "busy", retryAfterMillis: 5 },
      },
    ),
    watches("op-1", succeeded("busy", { Name: "busy", ThingId: "busy" }, 2)),
    { call: (client) => client.Configure(settings), expected: undefined },
  ],
  lease: [
    {
      call: (client) =>
        Effect.map(client.Handshake({ ...greeting, features: ["describe", "lease"] }), ({ features }) =>
          features?.includes("lease"),
        ),
      expected: true,
    },
    leases(1, 60_000),
    {
      call: (client) => client.Create({ ...on("op-1"), properties: { Name: "a" }, leaseTerm: 1 }),
      expected: succeeded("a", { Name: "a", ThingId: "a" }),
    },
    {
      call: (client) => client.Create({ ...on("op-2"), properties: { Name: "later" }, leaseTerm: 1 }),
      expected: accepted("later"),
    },
    leases(1, 0),
    { ...watches("op-2"), expected: leaseEnded("is over: nothing more is done") },
    {
      call: (client) =>
        client.Update({
          ...the("op-3", "a"),
          prior: { Name: "a" },
          desired: { Name: "a", Size: 2 },
          patch: [{ op: "add", path: "/Size", value: 2 }],
          leaseTerm: 1,
        }),
      expected: leaseEnded("was over when this arrived: nothing was done"),
    },
    {
      call: (client) => client.Delete({ ...the("op-4", "a"), leaseTerm: 1 }),
      expected: leaseEnded("was over when this arrived: nothing was done"),
    },
    { call: (client) => client.Read(the("op-5", "a")), expected: succeeded("a", { Name: "a", Size: 1, ThingId: "a" }) },
    leases(2, 60_000),
    {
      call: (client) => client.Create({ ...on("op-6"), properties: { Name: "b" }, leaseTerm: 1 }),
      expected: leaseEnded("was over when this arrived: nothing was done"),
    },
    {
      call: (client) =>
        client.Status({ ...the("op-2", "later"), requestId: RequestId.make("work on later"), leaseTerm: 2 }),
      expected: succeeded("later", { Name: "later", ThingId: "later" }, 0),
    },
  ],
  naming: [
    {
      call: (client) =>
        Effect.map(client.Handshake({ ...greeting, features: ["describe", "naming"] }), ({ types }) =>
          types.map(({ naming, properties, type }) => ({ type, naming, required: properties["Name"]?.required })),
        ),
      expected: [
        {
          type: "Golden::Of::Named",
          naming: {
            property: "Name",
            letters: "any",
            separator: "-",
            maxLength: 80,
            prefix: "q",
            reserved: ["qx"],
            endings: [{ property: "Fifo", value: true, ending: ".fifo" }],
          },
          required: true,
        },
      ],
    },
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
  again: [
    greets,
    creates("op-1", { Name: "flaky" }, accepted("flaky")),
    watches(
      "op-1",
      { ...accepted("flaky"), failure: { code: "Throttling", message: "not so fast" } },
      accepted("flaky"),
      succeeded("flaky", { Name: "flaky", ThingId: "flaky" }),
    ),
    creates("op-2", { Name: "doomed" }, accepted("doomed")),
    watches("op-2", { ...failed("ServiceLimitExceeded", "no more of these"), nativeId: "doomed" }),
    asks("op-3", "work on gone", NativeId.make("gone"), { ...accepted("gone", 0), failure: gone }),
    watches(
      "op-3",
      { ...accepted("gone", 0), failure: gone },
      { ...accepted("gone", 0), failure: gone },
      { status: "Failed", attempts: 0, failure: gone, nativeId: "gone" },
    ),
    asks("op-4", "?", undefined, {
      status: "Failed",
      attempts: 0,
      failure: { code: "UnforeseenError", message: "There is no work ?" },
    }),
    creates("op-5", { Name: "later" }, accepted("later")),
    creates("op-5", { Name: "later" }, accepted("later")),
    asks("op-5", "work on later", undefined, accepted("later")),
    watches("op-5", succeeded("later", { Name: "later", ThingId: "later" })),
    { ...watches("op-5"), expected: { _tag: "ProtocolError", message: "There is no operation op-5 to watch" } },
    creates("op-5", { Name: "later" }, accepted("later")),
  ],
  answers: [
    {
      call: (client) =>
        Effect.map(client.Handshake(greeting), ({ features, types }) => ({
          features,
          ...Struct.omit(types[0]!, ["properties", "schema"]),
        })),
      expected: {
        features: undefined,
        type: "Golden::Of::Thing",
        idempotency: "name",
        listable: false,
        recoverable: false,
        targetIdentity: [],
        targetSecrets: [],
      },
    },
    creates("op-1", { Name: "quick" }, { status: "InProgress", attempts: 1, requestId: "work on quick" }),
    watches("op-1", succeeded("quick", { Name: "quick" })),
    creates("op-2", { Name: "huge" }, died("The answer is larger than a frame may be (16777216 bytes)")),
    creates("op-3", { Name: "empty" }, died("The answer cannot be read: exit.cause: is empty")),
    creates("op-4", { Name: "several" }, { _tag: "ProtocolError", message: "not like this" }),
    creates("op-5", { Name: "unread" }, died("nativeId: is missing")),
    creates("op-6", { Name: "nameless" }, died("Expected a value with a length of at least 1")),
    creates("op-7", { Name: "bare" }, { status: "InProgress", attempts: 1 }),
    creates("op-8", { Name: "a" }, succeeded("a", { Name: "a" })),
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
    {
      call: (client) => client.Identify({ ...onType("op-5"), properties: { Name: "known" } }),
      expected: { place, nativeId: "known", facts: { accountId: "12" } },
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
