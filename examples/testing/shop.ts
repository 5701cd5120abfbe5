/** For the tests in this folder: a plugin with one resource type, and an apply of one resource. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Agent, type Forma } from "formae/agent"
import { Answer, definePlugin, defineResource } from "formae/plugin"
import { Namespace, ResourceType } from "formae/protocol"
import { withPassingTime } from "formae/testing"

const Shelf = defineResource({
  type: "Shop::Store::Shelf",
  properties: Schema.Struct({ Name: Schema.String }),
  target: Schema.Struct({}),
  idempotency: "name",
  create: ({ properties }) => Effect.succeed(Answer.succeeded({ nativeId: properties.Name, properties })),
  read: ({ nativeId }) => Effect.succeed({ Name: nativeId }),
  delete: ({ nativeId }) => Effect.succeed(Answer.deleted(nativeId)),
})
export const shop = definePlugin({ name: "shop", namespace: "Shop", version: "1.0.0", types: [Shelf] })

const top = { label: "top", type: ResourceType.make("Shop::Store::Shelf"), target: "shop", properties: { Name: "top" } }
const targets = { shop: { namespace: Namespace.make("Shop") } }
const forma: Forma = { name: "shelves", targets, resources: [top] }
/** Delays, deadlines and restarts are on the clock of the test, which runs by itself meanwhile. */
export const apply = Effect.flatMap(Agent, (agent) => withPassingTime(agent.apply(forma)))
