/** The store of an agent in a schema of a Postgres server. Loaded where one is used, because it brings the driver. */
import * as Layer from "effect/Layer"
import type { MigrationError } from "effect/sql/Migrator"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { FileRefused } from "../FileRefused.ts"
import type { StateLock } from "../StateLock.ts"
import { layerClient, type PostgresOptions } from "./PostgresClient.ts"
import { layerLock } from "./PostgresLock.ts"
import { prepareTables } from "./PostgresTables.ts"

/** The tables of this version behind a client, and the lock of the state. */
export const layerStore = (
  options: PostgresOptions,
): Layer.Layer<SqlClient | StateLock, FileRefused | MigrationError | SqlError> => {
  const client = layerClient(options)
  return layerLock(options.schema).pipe(
    Layer.provideMerge(Layer.effectDiscard(prepareTables(options.schema))),
    Layer.provideMerge(client),
  )
}
