/** A program that keeps the state in its own database, under its own key, and logs in its own way. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import { SqlClient } from "effect/sql/SqlClient"
import { Agent, Forma, PluginCoordinator, Store, Vault } from "formae/agent"
import { FakeAWS } from "./FakeAWS.ts"
import { layerHostDatabase } from "./HostDatabase.ts"

const pluginFolder = process.argv[2] ?? "node_modules/formae/dist/plugins"

// The plugin crashes once, so that there is something to log.
const cloud = Forma.target(FakeAWS.SecretsManager.Secret, {
  label: "cloud",
  config: {
    cloud: "cloud.db",
    region: "us-east-1",
    faults: [{ operation: "create", when: "before", action: "crash" }],
  },
})
const password = Forma.resource(FakeAWS.SecretsManager.Secret, {
  label: "password",
  target: cloud,
  properties: { Name: "password", SecretString: "not-a-real-secret" },
})

// 32 random bytes, such as those of `openssl rand -hex 32`.
const key = Config.schema(Schema.RedactedFromValue(Schema.Uint8ArrayFromHex), "HOST_KEY")
const layerKey = Layer.unwrap(Effect.map(key, Vault.layerKey))
const layerStore = Layer.merge(Store.layerFrom(layerHostDatabase("host.db")), layerKey)

const oneLine = Logger.map(Logger.formatStructured, ({ annotations, level, message }) => {
  return `${level} [${annotations["plugin"] ?? "host"}] ${message}`
})

const main = Effect.gen(function* () {
  const sql = yield* SqlClient
  const { apply } = yield* Agent
  const result = yield* apply(yield* Forma.make({ name: "vault", targets: [cloud], resources: [password] }))
  yield* sql`CREATE TABLE IF NOT EXISTS deployments (status TEXT)`
  yield* sql`INSERT INTO deployments ${sql.insert({ status: result.status })}`
  const deployments = yield* sql`SELECT status FROM deployments`
  yield* Console.log(`deployment ${deployments.length} has ${result.status}`)
})

const layerAgent = Agent.layer.pipe(
  Layer.provideMerge(layerStore),
  Layer.provide(PluginCoordinator.layerProcesses([pluginFolder])),
  Layer.provide([NodeServices.layer, Logger.layer([Logger.withConsoleError(oneLine)])]),
)

main.pipe(Effect.provide(layerAgent), NodeRuntime.runMain)
