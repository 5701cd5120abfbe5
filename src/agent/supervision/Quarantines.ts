/**
 * The plugins that are quarantined. They are remembered beyond the agent, so
 * that the next command does not start what the last one gave up.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"

export const Quarantine = Schema.Struct({
  /** The name of the plugin. */
  plugin: Schema.String,
  restarts: Schema.Int,
  /** How the last launch ended. */
  reason: Schema.String,
  /** In milliseconds since 1970. */
  at: Schema.Finite,
})
export type Quarantine = typeof Quarantine.Type

const decodeRows = Schema.decodeUnknownEffect(Schema.Array(Quarantine))

export class Quarantines extends Context.Service<
  Quarantines,
  {
    readonly list: Effect.Effect<ReadonlyArray<Quarantine>>
    readonly put: (quarantine: Quarantine) => Effect.Effect<void>
    readonly remove: (plugin: string) => Effect.Effect<void>
  }
>()("formae/agent/supervision/Quarantines") {
  /** Remembered as long as the layer. */
  static readonly layerMemory: Layer.Layer<Quarantines> = Layer.sync(Quarantines, () => {
    const known = new Map<string, Quarantine>()
    return Quarantines.of({
      list: Effect.sync(() => [...known.values()]),
      put: (quarantine) => Effect.sync(() => void known.set(quarantine.plugin, quarantine)),
      remove: (plugin) => Effect.sync(() => void known.delete(plugin)),
    })
  })

  /** Remembered in the store. A store that fails here must not stop supervision: it is said, and gone on. */
  static readonly layer: Layer.Layer<Quarantines, never, SqlClient.SqlClient> = Layer.effect(
    Quarantines,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      return Quarantines.of({
        list: sql`SELECT plugin, restarts, reason, at FROM quarantines ORDER BY plugin`.pipe(
          Effect.flatMap(decodeRows),
          Effect.tapError((error) => Effect.logError(`The quarantines can not be read: ${error.message}`)),
          Effect.orElseSucceed((): ReadonlyArray<Quarantine> => []),
        ),
        put: ({ at, plugin, reason, restarts }) =>
          sql`INSERT INTO quarantines (plugin, restarts, reason, at) VALUES (${plugin}, ${restarts}, ${reason}, ${at})
              ON CONFLICT (plugin) DO UPDATE SET restarts = excluded.restarts, reason = excluded.reason, at = excluded.at`.pipe(
            Effect.ignore({ log: true }),
          ),
        remove: (plugin) => sql`DELETE FROM quarantines WHERE plugin = ${plugin}`.pipe(Effect.ignore({ log: true })),
      })
    }),
  )
}
