/**
 * The quarantined plugins. They outlive the agent, so that the next command
 * does not start what the last one gave up.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { storable } from "../../protocol/Text.ts"

/** A plugin that was restarted too often, and waits to be released. */
export class Quarantine extends Schema.Opaque<Quarantine>()(
  Schema.Struct({
    /** The name of the plugin. */
    plugin: Schema.String,
    /** How often it was restarted since its last healthy launch. */
    restarts: Schema.Int,
    /** How the last launch ended. */
    reason: Schema.String,
    /** In milliseconds since 1970. */
    at: Schema.Finite,
  }),
) {}

/** The quarantines in the state file cannot be read. */
export type QuarantinesUnreadable = SqlError | Schema.SchemaError

const decodeRows = Schema.decodeUnknownEffect(Schema.Array(Quarantine))

/** Where quarantines are kept. If it fails, supervision continues and the error is logged. */
export class Quarantines extends Context.Service<
  Quarantines,
  {
    /** All quarantines, by the name of the plugin. */
    readonly list: Effect.Effect<ReadonlyArray<Quarantine>, QuarantinesUnreadable>
    /** Adds a quarantine, or replaces that of the same plugin. */
    readonly put: (quarantine: Quarantine) => Effect.Effect<void, SqlError>
    /** Ends the quarantine of a plugin, if there is one. */
    readonly remove: (plugin: string) => Effect.Effect<void, SqlError>
  }
>()("formae/agent/supervision/Quarantines") {
  /** Kept in the store. */
  static readonly layer: Layer.Layer<Quarantines, never, SqlClient.SqlClient> = Layer.effect(
    Quarantines,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      return Quarantines.of({
        list: sql`SELECT plugin, restarts, reason, at FROM quarantines ORDER BY plugin`.pipe(
          Effect.flatMap(decodeRows),
        ),
        put: ({ at, plugin, reason, restarts }) =>
          sql`INSERT INTO quarantines (plugin, restarts, reason, at) VALUES (${plugin}, ${restarts}, ${storable(reason)}, ${at})
              ON CONFLICT (plugin) DO UPDATE SET restarts = excluded.restarts, reason = excluded.reason, at = excluded.at`.pipe(
            Effect.asVoid,
          ),
        remove: (plugin) => sql`DELETE FROM quarantines WHERE plugin = ${plugin}`.pipe(Effect.asVoid),
      })
    }),
  )

  /** Kept as long as the layer. */
  static readonly layerMemory: Layer.Layer<Quarantines> = Layer.sync(Quarantines, () => {
    const known = new Map<string, Quarantine>()
    return Quarantines.of({
      list: Effect.sync(() => [...known.values()]),
      put: (quarantine) => Effect.sync(() => void known.set(quarantine.plugin, quarantine)),
      remove: (plugin) => Effect.sync(() => void known.delete(plugin)),
    })
  })
}
