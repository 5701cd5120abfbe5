/**
 * What several agents of one process apply: a plugin that keeps its resources in
 * a folder and writes down each create.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { appendFileSync, existsSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Agent, Forma, PluginCoordinator, Store, Vault } from "../../../src/agent/index.ts"
import * as NodeSqlite from "../../../src/agent/store/NodeSqlite.ts"
import { Answer, definePlugin, defineResource, inProcess, ProviderError } from "../../../src/plugin/index.ts"

/** A file of `folder` is a resource. `created` runs when it exists, before the create answers. */
const keeper = (folder: string, created: Effect.Effect<void>) =>
  definePlugin({
    name: "keeper",
    namespace: "Keeper",
    version: "1.0.0",
    types: [
      defineResource({
        type: "Keeper::Shelf::Item",
        properties: Schema.Struct({ Name: Schema.String }),
        target: Schema.Struct({}),
        idempotency: "name",
        create: ({ properties }) =>
          Effect.gen(function* () {
            appendFileSync(join(folder, "creates.log"), `${properties.Name}\n`)
            writeFileSync(join(folder, properties.Name), "")
            yield* created
            return Answer.succeeded({ nativeId: properties.Name, properties })
          }),
        read: ({ nativeId }) =>
          existsSync(join(folder, nativeId))
            ? Effect.succeed({ Name: nativeId })
            : Effect.fail(ProviderError.of("NotFound", `${nativeId} does not exist`)),
        delete: ({ nativeId }) => {
          rmSync(join(folder, nativeId), { force: true })
          return Effect.succeed(Answer.deleted(nativeId))
        },
      }),
    ],
  })

const storeIn = (folder: string) => Layer.orDie(Store.layerFile(join(folder, "state.db")))

/** The same state as a database that the host has opened, where nothing is known to lock. */
export const hostsStoreIn = (folder: string) =>
  Layer.orDie(
    Layer.merge(
      Store.layerFrom(NodeSqlite.layer({ filename: join(folder, "state.db") })),
      Vault.layerFile(join(folder, "state.db.key")),
    ),
  )

/** Applies one item by an agent of its own, on the state in `folder`. */
export const applyItem = (folder: string, created: Effect.Effect<void> = Effect.void, store = storeIn(folder)) =>
  Effect.gen(function* () {
    const forma = yield* Forma.make({
      name: "keeper",
      targets: { shelf: { namespace: "Keeper" } },
      resources: [{ label: "item", type: "Keeper::Shelf::Item", target: "shelf", properties: { Name: "item" } }],
    })
    const { resources } = yield* Effect.flatMap(Agent, (agent) => agent.apply(forma))
    return resources.map(({ operation, status }) => `${operation} ${status}`)
  }).pipe(
    Effect.provide(
      Layer.fresh(
        Agent.layer.pipe(
          Layer.provide([PluginCoordinator.layerInProcess([inProcess(keeper(folder, created))]), store]),
          Layer.provide(NodeServices.layer),
        ),
      ),
    ),
  )
