/** Stores in memory for tests: one that outlives agents, and one that ends with its layer. Neither makes an agent wait. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { SqlClient } from "effect/sql/SqlClient"
import * as Store from "../agent/store/Store.ts"
import type { StateLock } from "../agent/store/StateLock.ts"
import { Vault } from "../agent/store/Vault.ts"
import { makeTestVault } from "./makeTestVault.ts"

/**
 * Makes a store in memory that outlives the agents on it. Each agent that its
 * layer is provided to finds what the earlier ones have written, and can open
 * what they have locked. It ends with the scope, in a test with the test.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import { Agent, PluginCoordinator } from "formae/agent"
 * import { makeTestStore } from "formae/testing"
 *
 * const twoAgents = Effect.gen(function* () {
 *   const store = yield* makeTestStore
 *   const layer = Layer.provide(Agent.layer, [PluginCoordinator.layerInProcess([]), store])
 *   const resume = Effect.flatMap(Agent, (agent) => agent.resume())
 *   yield* Effect.provide(resume, layer)
 *   return yield* Effect.provide(resume, layer, { local: true })
 * })
 * ```
 */
export const makeTestStore: Effect.Effect<Layer.Layer<SqlClient | StateLock | Vault>, never, Scope.Scope> = Effect.map(
  Layer.build(Layer.fresh(Store.layerMemory)),
  (context) => Layer.succeedContext(Context.add(context, Vault, makeTestVault())),
)

/**
 * A store in memory that ends with its layer, for tests with one agent. Unlike
 * `Store.layerMemory` it does not lock with WebCrypto, which takes a time that
 * no test controls: an agent on it takes the same steps, at the same time of the
 * test clock, in each run.
 */
export const layerTestStore: Layer.Layer<SqlClient | StateLock | Vault> = Layer.unwrap(makeTestStore)
