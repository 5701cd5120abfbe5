/** What an apply writes, request by request: a create, a second apply, one changed entry of metadata, a delete. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { readFileSync } from "node:fs"
import { createServer, request as send } from "node:http"
import { parse } from "yaml"
import { plugin } from "../../../plugins/azure/src/plugin.ts"
import { importedAgain } from "../../agent/importedAgain.ts"
import { Agent } from "../../../src/agent/Agent.ts"
import { decodeForma, type Forma } from "../../../src/agent/forma/Forma.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../../src/plugin/index.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { azurite, developmentAccount } from "../emulators/azurite.ts"
import { cosmosdb } from "../emulators/cosmosdb.ts"
import { listenOnFreePort } from "../emulators/listenOnFreePort.ts"
import { cosmosKey } from "./AzureEmulator.ts"

const document: Forma = parse(readFileSync(new URL("every-type.yaml", import.meta.url), "utf8"))

const withProperties = (forma: Forma, more: Readonly<Record<string, Properties>>): Forma => ({
  ...forma,
  resources: forma.resources.map((resource) => ({
    ...resource,
    properties: { ...resource.properties, ...more[resource.label] } satisfies Properties,
  })),
})

/** What passes requests on to `target` and keeps those that change something, as method and path. */
const recordingProxy = Effect.fnUntraced(function* (target: string, writes: Array<string>) {
  const { hostname, port } = new URL(target)
  const server = createServer((incoming, outgoing) => {
    const { headers, method = "", url = "" } = incoming
    const { pathname, searchParams } = new URL(url, target)
    if (method !== "GET" && method !== "HEAD") {
      const comp = searchParams.get("comp")
      writes.push(`${method} ${pathname.replace(`/${developmentAccount}`, "")}${comp === null ? "" : ` ${comp}`}`)
    }
    const passed = send({ hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    passed.on("error", () => outgoing.destroy())
    incoming.pipe(passed)
  })
  return `http://127.0.0.1:${yield* listenOnFreePort(server)}`
})

/** An account whose requests go through a proxy. */
const recordedAccount = Effect.fnUntraced(function* (writes: Array<string>) {
  const { connectionString } = yield* azurite
  const { endpoint } = yield* cosmosdb
  const parts = yield* Effect.forEach(connectionString.split(";"), (part) => {
    const [, name, url] = /^(\w+Endpoint)=(.*)$/.exec(part) ?? []
    return url === undefined
      ? Effect.succeed(part)
      : Effect.map(recordingProxy(url, writes), (proxy) => `${name}=${proxy}/${developmentAccount}`)
  })
  return {
    account: developmentAccount,
    connectionString: parts.join(";"),
    cosmosEndpoint: yield* recordingProxy(endpoint, writes),
    cosmosKey,
  }
})

/** What creating, changing and deleting one resource of each type of the document writes. */
const creates: ReadonlyArray<string> = [
  "POST /Tables",
  "POST /dbs",
  "POST /dbs/shop/colls",
  "PUT /orders",
  "PUT /pictures",
  "PUT /pictures/cat.txt",
]
/** Tables and databases have nothing that can be changed. Cosmos DB can only replace the whole definition of a container. */
const changes: ReadonlyArray<string> = [
  "PUT /dbs/shop/colls/customers",
  "PUT /orders metadata",
  "PUT /pictures metadata",
  "PUT /pictures/cat.txt metadata",
]
const deletes: ReadonlyArray<string> = [
  "DELETE /Tables('people')",
  "DELETE /dbs/shop",
  "DELETE /dbs/shop/colls/customers",
  "DELETE /orders",
  "DELETE /pictures",
  "DELETE /pictures/cat.txt",
]

describe("the writes of each type of Azure", () => {
  it("are tested for each type", () => {
    assert.sameMembers(
      document.resources.map(({ type }) => type),
      [...plugin.types.keys()],
    )
  })

  it.live("are those of what changed, and no others", () => {
    const writes: Array<string> = []
    const written = <A, E, R>(run: Effect.Effect<A, E, R>) =>
      Effect.map(run, () => {
        const all = writes.toSorted()
        writes.length = 0
        return all
      })
    return Effect.gen(function* () {
      const agent = yield* Agent
      const config = yield* recordedAccount(writes)
      const forma = yield* decodeForma({
        ...document,
        targets: { azure: { ...document.targets["azure"], config } },
      } as Forma)
      const marked = ["pictures", "cat", "orders"]
      const withMetadata = (stage: string) =>
        withProperties(forma, Object.fromEntries(marked.map((label) => [label, { Metadata: { stage } }])))
      assert.deepEqual(yield* written(agent.apply(withMetadata("test"))), creates)
      assert.deepEqual(yield* written(agent.apply(withMetadata("test"))), [])
      const changed = withProperties(withMetadata("live"), { customers: { DefaultTtl: 120 } })
      assert.deepEqual(yield* written(agent.apply(changed)), changes)
      assert.deepEqual(yield* written(agent.apply(changed)), [])
      const imported = yield* importedAgain(changed, inProcess(plugin))
      assert.deepEqual(imported.changes, [], "what was imported is as its document says")
      assert.lengthOf(imported.types, document.resources.length)
      assert.deepEqual(writes.splice(0), [], "an import writes nothing")
      assert.deepEqual(yield* written(agent.destroy(forma.name)), deletes)
    }).pipe(
      Effect.provide(
        Agent.layer.pipe(
          Layer.provide([Store.layerMemory, PluginCoordinator.layerInProcess([inProcess(plugin)])]),
          Layer.merge(NodeServices.layer),
        ),
      ),
    )
  })
})
