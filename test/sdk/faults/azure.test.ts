import { layer } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { cosmosKey } from "../azure/AzureEmulator.ts"
import { azurite, developmentAccount } from "../emulators/azurite.ts"
import { cosmosdb } from "../emulators/cosmosdb.ts"
import { type Fault, faultProxy, forwardTo } from "../emulators/faultProxy.ts"
import {
  notRetried,
  type Case,
  type Check,
  retriesExhausted,
  type Proxies,
  succeedsAfter,
  twice,
  applyWithFaults,
} from "./applyWithFaults.ts"

const answers = (status: number, code: string, headers: Readonly<Record<string, string>> = {}): Fault => ({
  _tag: "Answers",
  answer: {
    status,
    headers: { "content-type": "application/xml", "x-ms-error-code": code, ...headers },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>Not now</Message></Error>`,
  },
})
/** An SDK that obeyed this header would itself retry, and later. */
const busy = answers(503, "ServerBusy", { "retry-after": "1" })
const unavailable = answers(503, "ServiceUnavailable")
const denied = answers(403, "AuthorizationFailure")
/** The same answer in the format of the tables service. */
const busyTables: Fault = {
  _tag: "Answers",
  answer: {
    status: 503,
    headers: { "content-type": "application/json;odata=minimalmetadata", "retry-after": "1" },
    body: JSON.stringify({ "odata.error": { code: "ServerBusy", message: { lang: "en-US", value: "Not now" } } }),
  },
}
const tooMany: Fault = {
  _tag: "Answers",
  answer: {
    status: 429,
    headers: { "content-type": "application/json", "x-ms-retry-after-ms": "10", "x-ms-substatus": "3200" },
    body: JSON.stringify({ code: "429", message: "Request rate is large" }),
  },
}

type Outcome = Pick<Case, "calls" | "code" | "faults">

const after = { after: { $ref: "first.Url" } }

const container = (label: string, name: string, outcome: Outcome): Case => ({
  name,
  label,
  type: "Azure::Storage::BlobContainer",
  properties: { Name: label, Metadata: after },
  matches: ({ method, url }) => method === "PUT" && url.endsWith(`/${label}?restype=container`),
  isAttempt: true,
  ...outcome,
})

const queue = (label: string, name: string, outcome: Outcome): Case => ({
  name,
  label,
  type: "Azure::Storage::Queue",
  properties: { Name: label, Metadata: after },
  matches: ({ method, url }) => method === "PUT" && new RegExp(`/${label}(\\?|$)`).test(url),
  isAttempt: true,
  ...outcome,
})

const table = (label: string, name: string, outcome: Outcome): Case => ({
  name,
  label,
  type: "Azure::Storage::Table",
  properties: { Name: label },
  matches: ({ body, method, url }) => method === "POST" && /\/Tables(\?|$)/.test(url) && body.includes(`"${label}"`),
  ...outcome,
})

const database = (label: string, name: string, outcome: Outcome): Case => ({
  name,
  label,
  type: "Azure::DocumentDB::SqlDatabase",
  properties: { Name: label },
  matches: ({ body, method, url }) => method === "POST" && url.startsWith("/dbs") && body.includes(`"${label}"`),
  ...outcome,
})

const cases: ReadonlyArray<Case> = [
  container("throttled", "throttling (503 ServerBusy with Retry-After) is retried", succeedsAfter(twice(busy))),
  container("unavailable", "503 is retried", succeedsAfter(twice(unavailable))),
  container("reset", "a connection that is reset is retried", succeedsAfter(twice({ _tag: "Resets" }))),
  container("hanging", "a call that hangs times out and is retried", succeedsAfter([{ _tag: "Hangs" }])),
  container("too-often", "throttling for ever is Throttling", retriesExhausted(busy, "Throttling")),
  container(
    "never-there",
    "503 for ever is ServiceInternalError",
    retriesExhausted(unavailable, "ServiceInternalError"),
  ),
  container("no-network", "resets for ever are NetworkFailure", retriesExhausted({ _tag: "Resets" }, "NetworkFailure")),
  container("denied", "AccessDenied is not retried", notRetried(denied, "AccessDenied")),
  queue("throttled-queue", "throttling of a queue is retried", succeedsAfter(twice(busy))),
  queue("busy-queue", "throttling of a queue for ever is Throttling", retriesExhausted(busy, "Throttling")),
  table("throttledTable", "throttling of a table is retried", succeedsAfter(twice(busyTables))),
  table("busyTable", "throttling of a table for ever is Throttling", retriesExhausted(busyTables, "Throttling")),
  table(
    "noTable",
    "resets of a table for ever are NetworkFailure",
    retriesExhausted({ _tag: "Resets" }, "NetworkFailure"),
  ),
  database("throttled-base", "throttling (429) of Cosmos DB is retried", succeedsAfter(twice(tooMany))),
  database("busy-base", "throttling of Cosmos DB for ever is Throttling", retriesExhausted(tooMany, "Throttling")),
  database(
    "no-base",
    "resets of Cosmos DB for ever are NetworkFailure",
    retriesExhausted({ _tag: "Resets" }, "NetworkFailure"),
  ),
]

class Outcomes extends Context.Service<Outcomes, Check>()("formae/test/sdk/faults/azure.test/Outcomes") {}

const endpointIn = (connectionString: string, service: string) =>
  new RegExp(`${service}Endpoint=(http://[^/]+)`).exec(connectionString)?.[1] ?? ""

const layerOutcomes = Layer.effect(
  Outcomes,
  Effect.gen(function* () {
    let { connectionString } = yield* azurite
    const cosmos = yield* faultProxy(forwardTo(yield* cosmosdb))
    const proxies = [cosmos]
    for (const service of ["Blob", "Queue", "Table"]) {
      const endpoint = endpointIn(connectionString, service)
      const proxy = yield* faultProxy(forwardTo({ endpoint }))
      connectionString = connectionString.replace(endpoint, proxy.endpoint)
      proxies.push(proxy)
    }
    const all: Proxies = {
      on: (matches, ...faults) => proxies.map(({ on }) => on(matches, ...faults)),
      count: (matches) => proxies.reduce((sum, { count }) => sum + count(matches), 0),
    }
    const config = { account: developmentAccount, connectionString, cosmosEndpoint: cosmos.endpoint, cosmosKey }
    const first = { type: "Azure::Storage::BlobContainer", properties: { Name: "first" } }
    return yield* applyWithFaults(all, "Azure", config, first, cases)
  }),
).pipe(Layer.provide(NodeServices.layer))

layer(layerOutcomes, { excludeTestServices: true, timeout: "2 minutes" })("faults of Azure", (it) => {
  for (const one of cases) {
    it.effect(`${one.name}: ${one.calls} calls`, () => Effect.map(Outcomes, (check) => check(one)))
  }
})
