/** The store of an agent in a schema of a Postgres server. Loaded where one is used, because it brings the driver. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { MigrationError } from "effect/sql/Migrator"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { FileRefused } from "../FileRefused.ts"
import * as MemoryDatabase from "../MemoryDatabase.ts"
import { StateLock } from "../StateLock.ts"
import { reachedStep } from "../StoreTables.ts"
import { layerClient, type PostgresOptions } from "./PostgresClient.ts"
import { layerLock } from "./PostgresLock.ts"
import { prepareTables } from "./PostgresTables.ts"

/** The tables of this version behind a client, and the lock of the state. */
export const layerStore = ({
  onlyReads,
  ...options
}: PostgresOptions & { readonly onlyReads: boolean }): Layer.Layer<
  SqlClient | StateLock,
  FileRefused | MigrationError | SqlError
> => {
  const client = layerClient(options)
  const store = Layer.provideMerge(layerLock(options.schema), Layer.effectDiscard(prepareTables(options.schema)))
  if (!onlyReads) return Layer.provideMerge(store, client)
  const present = Layer.unwrap(Effect.map(reachedStep, (step) => (step === undefined ? layerEmpty : store)))
  return Layer.provideMerge(present, client)
}

/** In the place of a state that is not there yet. */
const layerEmpty = Layer.fresh(Layer.merge(MemoryDatabase.layer, StateLock.layerMemory))
