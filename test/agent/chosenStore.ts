/** The store that the suites of records run over: in memory, unless a file of tests has chosen another one before it loads them. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlClient } from "effect/sql/SqlClient"
import type { StateLock } from "../../src/agent/store/StateLock.ts"
import * as Store from "../../src/agent/store/Store.ts"
import type { Vault } from "../../src/agent/store/Vault.ts"

type ChosenStore = Layer.Layer<SqlClient | StateLock | Vault>

let chosen: ChosenStore = Store.layerMemory

/** From now on, `layerChosenStore` is this one. */
export const chooseStore = (store: ChosenStore): void => {
  chosen = store
}

/** A new and empty store. */
export const layerChosenStore: ChosenStore = Layer.unwrap(Effect.sync(() => Layer.fresh(chosen)))

/** The same as one that several agents have: it ends with the scope. */
export const makeChosenStore = Effect.map(Layer.build(layerChosenStore), Layer.succeedContext)
