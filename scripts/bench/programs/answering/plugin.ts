/** The plugin of the bench. It takes its name and namespace from the node name of its launch, so that one bundle serves many. */
import { Answer, definePlugin, defineResource, runPlugin } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { propertiesOf } from "../../work/Read.ts"

/** `bench-7` serves `Bench7`, and `bench` serves `Bench`. */
const name = (process.env["FORMAE_PLUGIN_NODE"] ?? "bench-plugin@localhost").replace(/-plugin@.*$/, "")
const namespace = `Bench${name.slice("bench-".length)}`

const Thing = defineResource({
  type: `${namespace}::Storage::Thing`,
  idempotency: "token",
  properties: Schema.Struct({ entries: Schema.Array(Schema.Struct({ Key: Schema.String, Value: Schema.String })) }),
  target: Schema.Struct({ region: Schema.String }),
  create: ({ operationId, properties }) =>
    Effect.succeed(Answer.succeeded({ nativeId: operationId, properties: { entries: properties.entries } })),
  read: ({ nativeId }) => Effect.succeed({ ...propertiesOf(nativeId) }),
  delete: ({ nativeId }) => Effect.succeed(Answer.deleted(nativeId)),
})

runPlugin(definePlugin({ name, namespace, version: "0.1.0", types: [Thing] }))
