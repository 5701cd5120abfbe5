/** The documents that a state knows, so that two of them are not taken for one. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import { JsonObject } from "../../protocol/JsonObject.ts"
import { distinctValues } from "../store/distinctValues.ts"
import type { StateLock } from "../store/StateLock.ts"
import { checkedRows } from "./CheckedRows.ts"
import { decideName, DocumentConflict, type DocumentSource, type NameDecision } from "./DocumentSource.ts"
import type { StateError } from "./StateError.ts"
import { StateOwnership } from "./StateOwnership.ts"

/** Remembers which document the resources of each name came from. */
export class Documents extends Context.Service<
  Documents,
  {
    /**
     * Decides whether the document may have the resources of its name. Changes
     * nothing. Fails with `DocumentConflict` where it may not, and with
     * `SqlError` where the state cannot be read.
     */
    readonly decide: (
      forma: string,
      source: DocumentSource,
    ) => Effect.Effect<Exclude<NameDecision, { _tag: "Refuse" }>, DocumentConflict | SqlError>
    /**
     * Gives everything that has the name `earlierName` the name `forma`. Fails
     * with `SqlError` where the state cannot be written.
     */
    readonly adopt: (earlierName: string, forma: string, source: DocumentSource) => Effect.Effect<void, StateError>
    /** The names of all formae whose documents are remembered. Fails with `SqlError` where the state cannot be read. */
    readonly names: Effect.Effect<ReadonlyArray<string>, SqlError>
    /** Remembers where the document of a forma came from. Fails with `SqlError` where the state cannot be written. */
    readonly remember: (forma: string, source: DocumentSource) => Effect.Effect<void, StateError>
  }
>()("formae/agent/records/Documents") {
  /** Kept in the store. */
  static readonly layerNoDeps = Layer.effect(
    Documents,
    Effect.gen(function* () {
      const ownership = yield* StateOwnership
      const sql = yield* SqlClient.SqlClient

      const put = Effect.fnUntraced(function* (forma: string, source: DocumentSource, adoptedFrom: string | null) {
        const now = yield* Clock.currentTimeMillis
        yield* sql`
          INSERT INTO documents (forma, path, relative_path, adopted_from, applied_at)
          VALUES (${forma}, ${source.path}, ${source.relativePath}, ${adoptedFrom}, ${now})
          ON CONFLICT (forma) DO UPDATE SET
            path = excluded.path, relative_path = excluded.relative_path, applied_at = excluded.applied_at,
            adopted_from = COALESCE(excluded.adopted_from, documents.adopted_from)`
      })

      /** Renames the forma in each row of a table. A damaged row keeps its wrong checksum. */
      const rename = Effect.fnUntraced(function* (table: string, key: string, from: string, to: string) {
        const checked = checkedRows(sql, table)
        const rows = yield* sql`SELECT ${sql(key)} FROM ${sql(table)} WHERE forma = ${from}`.values
        for (const [id] of rows) {
          const update = sql`UPDATE ${sql(table)} SET forma = ${to} WHERE forma = ${from} AND ${sql(key)} = ${String(id)}`
          yield* checked.move(
            sql`forma = ${from} AND ${sql(key)} = ${String(id)}`,
            sql`forma = ${to} AND ${sql(key)} = ${String(id)}`,
            update,
          )
        }
      })

      const readKnown = (where: Fragment) =>
        Effect.flatMap(
          sql`
            SELECT forma, path, relative_path AS "relativePath", adopted_from AS "adoptedFrom" FROM documents
            WHERE ${where}`,
          (rows) => Effect.orDie(decodeDocuments(rows)),
        )

      const recordedOf = Effect.fnUntraced(function* (forma: string) {
        const rows = yield* sql`
          SELECT forma, label, type, desired FROM resources WHERE forma = ${forma}
          UNION SELECT forma, label, type, desired FROM operations WHERE settled = 0 AND forma = ${forma}`
        return (yield* Effect.orDie(decodeResources(rows))).map((row) => ({
          ...row,
          desired: Option.getOrElse(decodeProperties(row.desired), () => ({})),
        }))
      })

      /** The names of formae that have resources, or may get some. */
      const recordedNames = Effect.map(
        Effect.all([
          distinctValues(sql, "resources", "forma"),
          sql`SELECT DISTINCT forma FROM operations WHERE settled = 0`.values,
        ]),
        ([names, open]) => [...new Set([...names, ...open.map(([name]) => String(name))])],
      )

      return Documents.of({
        names: Effect.map(sql`SELECT forma FROM documents ORDER BY forma`.values, (rows) =>
          rows.map(([forma]) => String(forma)),
        ),
        decide: Effect.fn("Documents.decide")(function* (forma, source) {
          const own = yield* readKnown(sql`forma = ${forma}`)
          // Of a document that the state knows with resources, nothing else has to be known.
          const isSettled = own.length > 0 && (yield* isRecorded(sql, forma))
          const { earlier } = source
          const decision = decideName(forma, source, {
            documents: isSettled ? own : yield* readKnown(sql`1 = 1`),
            resources: isSettled || earlier === undefined ? [] : yield* recordedOf(earlier.name),
            formae: isSettled ? [forma] : yield* recordedNames,
          })
          return decision._tag === "Refuse" ? yield* new DocumentConflict({ reason: decision.reason }) : decision
        }),
        adopt: Effect.fn("Documents.adopt")(function* (earlierName, forma, source) {
          yield* ownership.writeNew(
            Effect.gen(function* () {
              yield* rename("resources", "label", earlierName, forma)
              yield* rename("operations", "operation_id", earlierName, forma)
              yield* rename("commands", "command_id", earlierName, forma)
              yield* rename("document_outputs", "outputs", earlierName, forma)
              yield* rename("drifts", "drift_id", earlierName, forma)
              yield* rename("repair_documents", "document", earlierName, forma)
              yield* put(forma, source, earlierName)
            }),
          )
        }),
        remember: Effect.fn("Documents.remember")((forma, source) => ownership.writeNew(put(forma, source, null))),
      })
    }),
  )

  /** The same, over a store that the agent holds by itself. */
  static readonly layer: Layer.Layer<Documents, never, SqlClient.SqlClient | StateLock> = this.layerNoDeps.pipe(
    Layer.provide(StateOwnership.layer),
  )
}

/** Whether a forma has resources, or may get some. */
const isRecorded = (sql: SqlClient.SqlClient, forma: string): Effect.Effect<boolean, SqlError> =>
  Effect.map(
    sql`
      SELECT 1 WHERE EXISTS (SELECT 1 FROM resources WHERE forma = ${forma})
        OR EXISTS (SELECT 1 FROM operations WHERE settled = 0 AND forma = ${forma})`.values,
    (found) => found.length > 0,
  )

const Text = Schema.NullOr(Schema.String)
const Known = Schema.Struct({ forma: Schema.String, path: Text, relativePath: Text, adoptedFrom: Text })
const decodeDocuments = Schema.decodeUnknownEffect(Schema.Array(Known))
const decodeProperties = Schema.decodeOption(Schema.fromJsonString(JsonObject))
const Resource = Schema.Struct({
  forma: Schema.String,
  label: Schema.String,
  type: Schema.String,
  // A row that is damaged is refused where it is used.
  desired: Schema.String,
})
const decodeResources = Schema.decodeUnknownEffect(Schema.Array(Resource))
