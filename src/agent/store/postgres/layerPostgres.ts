/** The store on a Postgres server, for hosts. The driver is loaded when the layer is built. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { SqlClient } from "effect/sql/SqlClient"
import { FileRefused } from "../FileRefused.ts"
import type { StateLock } from "../StateLock.ts"
import { type StoreUnavailable, unavailable } from "../StoreUnavailable.ts"
import { parsePostgresUrl } from "./PostgresAddress.ts"
import { badAddress, driverMissing } from "./PostgresTrouble.ts"

/** Where a state on Postgres is, and how many connections an agent may open to it. */
export interface PostgresStore {
  /**
   * Of the form `postgres://ROLE:PASSWORD@HOST:PORT/DATABASE?schema=NAME`, with the
   * parameters of libpq. The schema is `formae` by default. It holds the tables
   * of one state and nothing else.
   */
  readonly url: Redacted.Redacted<string>
  /** The schema, in the place of that in the address. */
  readonly schema?: string | undefined
  /** Makes no schema and no tables. Where there are none, the state is empty. False by default. */
  readonly onlyReads?: boolean | undefined
  /** 10 by default. One of them is kept for as long as an agent holds the state. */
  readonly maxConnections?: number | undefined
}

const loadStore = Effect.tryPromise({
  try: () => import("./PostgresStore.ts"),
  catch: () => new FileRefused(driverMissing),
})

/**
 * The store in a schema of a Postgres server. Makes the schema and its tables, or
 * brings them to this version. Its sessions have to stay, so no pooler of
 * transactions may be before the server. The secrets need a key too, which is
 * never in the database: `Vault.layerKey` or `Vault.layerFile`. It needs the
 * package `@effect/sql-pg`. Fails with `StoreUnavailable` where the server cannot
 * be reached, or the schema is not one that this version can use.
 *
 * @example
 * ```ts
 * import * as Layer from "effect/Layer"
 * import * as Redacted from "effect/Redacted"
 * import { Store, Vault } from "formae/agent"
 *
 * const layerStore = (url: string, key: Uint8Array) =>
 *   Layer.merge(Store.layerPostgres({ url: Redacted.make(url) }), Vault.layerKey(Redacted.make(key)))
 * ```
 */
export const layerPostgres = ({
  maxConnections,
  onlyReads = false,
  schema,
  url,
}: PostgresStore): Layer.Layer<SqlClient | StateLock, StoreUnavailable> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const parsed = parsePostgresUrl(Redacted.value(url))
      if (Result.isFailure(parsed)) {
        return yield* Effect.mapError(new FileRefused(badAddress(parsed.failure)), unavailable("postgres://…"))
      }
      const address = parsed.success
      const refused = unavailable(address.shown)
      const { layerStore } = yield* Effect.mapError(loadStore, refused)
      const options = { url: address.url, schema: schema ?? address.schema, maxConnections, onlyReads }
      return Layer.catch(layerStore(options), (error) => Layer.effectContext(Effect.fail(refused(error))))
    }),
  )
