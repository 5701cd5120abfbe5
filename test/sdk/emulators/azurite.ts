/** Blobs, queues and tables of Azure Storage, in a separate process that keeps them in memory. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as ChildProcess from "effect/process/ChildProcess"
import { fileURLToPath } from "node:url"

const program = fileURLToPath(new URL("../../../node_modules/azurite/dist/src/azurite.js", import.meta.url))

/** The account and key of every storage emulator, which are public. */
export const developmentAccount = "devstoreaccount1"
export const developmentKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

const services = ["Blob", "Queue", "Table"]
const loopback = services.flatMap((service) => [`--${service.toLowerCase()}Host`, "127.0.0.1"])
const freePorts = services.flatMap((service) => [`--${service.toLowerCase()}Port`, "0"])

/** Azurite prints the address of each service once it listens on it. Nothing else reports the ports. */
const addressOf = (line: string) => /Azurite (\w+) service is successfully listening at (\S+)/.exec(line)

export const azurite = Effect.gen(function* () {
  const handle = yield* ChildProcess.make(
    process.execPath,
    [program, "--inMemoryPersistence", "--silent", "--disableTelemetry", ...loopback, ...freePorts],
    { stdin: "ignore", stderr: "ignore", forceKillAfter: "2 seconds" },
  )
  const endpoints = yield* handle.stdout.pipe(
    Stream.decodeText(),
    Stream.splitLines,
    Stream.flatMap((line) => {
      const [, service, url] = addressOf(line) ?? []
      return service === undefined || url === undefined ? Stream.empty : Stream.succeed({ service, url })
    }),
    Stream.take(services.length),
    Stream.runCollect,
  )
  const blobEndpoint = endpoints.find(({ service }) => service === "Blob")?.url ?? ""
  const parts = endpoints.map(({ service, url }) => `${service}Endpoint=${url}/${developmentAccount}`)
  return {
    blobEndpoint,
    connectionString: [
      "DefaultEndpointsProtocol=http",
      `AccountName=${developmentAccount}`,
      `AccountKey=${developmentKey}`,
      ...parts,
    ].join(";"),
  }
})
