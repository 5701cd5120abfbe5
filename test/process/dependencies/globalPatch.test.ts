/**
 * P9: a package that changes a module of Node for the whole process, and one
 * that uses that module. `captureHTTPsGlobal` of aws-xray-sdk-core replaces
 * `http.request`. With the strategy RUNTIME_ERROR it throws if a request is made
 * outside of a trace, as every request of @azure/storage-blob is.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type ChildProcess, spawn } from "node:child_process"
import { cp, mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { callsOn, operatorOf } from "../clouds.ts"
import { makeFolder, npm, quietly, removeFolder, root } from "../npm.ts"
import { hasRegistry, needsRegistry } from "../registry.ts"

const folder = hasRegistry ? await makeFolder() : ""
let azurite: ChildProcess | undefined

const plugins = join(folder, "plugins")
const dependencies = { "@azure/storage-blob": "12.32.0", "aws-xray-sdk-core": "3.12.0" }

/** Installs the packages in the folder above the plugins, starts the emulator, and returns its address. */
const prepare = async () => {
  const fixtures = join(root, "test", "fixtures", "plugins")
  await cp(join(fixtures, "clashing"), plugins, { recursive: true })
  await cp(join(fixtures, "museum", "speak.mjs"), join(plugins, "speak.mjs"))
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }))
  await npm(folder, "install", ...quietly)
  await mkdir(join(folder, "blobs"))
  const main = join(root, "node_modules", "azurite", "dist", "src", "blob", "main.js")
  const flags = ["--blobPort", "0", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--silent"]
  const child = spawn(process.execPath, [main, ...flags], {
    cwd: join(folder, "blobs"),
    stdio: ["ignore", "pipe", "inherit"],
  })
  azurite = child
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /successfully listens on (http:\S+)/.exec(line)?.[1]
    if (address !== undefined) return address
  }
  throw new Error("azurite ended before it listened")
}

afterAll(async () => {
  const child = azurite
  if (child !== undefined && child.exitCode === null) {
    const ended = new Promise((resolve) => child.once("exit", resolve))
    child.kill("SIGKILL")
    await ended
  }
  await removeFolder(folder)
})

// The public account of the emulator.
const account = "devstoreaccount1"
const key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
const targetAt = (address: string) => ({
  page: `${address}/${account}`,
  connection: `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${address}/${account};`,
})
let target = targetAt("")

let containers = 0

const create = (namespace: string, kind: string) =>
  Effect.gen(function* () {
    const calls = callsOn(yield* operatorOf(namespace), `${namespace}::It::${kind}`, target)
    return yield* calls.create({ Name: `container-${(containers += 1)}` })
  })

describe("P9: X-Ray beside Azure Storage", needsRegistry, () => {
  beforeAll(async () => {
    target = targetAt(await prepare())
  }, 180_000)

  const layer = PluginCoordinator.layerProcesses([plugins]).pipe(Layer.provide(NodeServices.layer))

  it.live("break each other in one process", () =>
    Effect.gen(function* () {
      assert.deepInclude(yield* create("Together", "Page"), { status: "Succeeded", properties: { Traced: 1 } })
      assert.deepInclude(yield* create("Together", "Container"), {
        status: "Failed",
        failure: {
          code: "GeneralServiceException",
          message: "Failed to get the current sub/segment from the context.",
        },
      })
    }).pipe(Effect.provide(layer)),
  )

  it.live("both work in two processes", () =>
    Effect.gen(function* () {
      const [page, container] = yield* Effect.all([create("Traced", "Page"), create("Containers", "Container")], {
        concurrency: 2,
      })
      assert.deepInclude(page, { status: "Succeeded", properties: { Traced: 1 } })
      assert.deepInclude(container, { status: "Succeeded", properties: { Answered: true } })
    }).pipe(Effect.provide(layer)),
  )
})
