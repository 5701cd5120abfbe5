/** The outputs of documents: values that their last applies have given, for other documents and for people. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { isDamaged } from "../store/RowChecksum.ts"
import type { StateLock } from "../store/StateLock.ts"
import { Vault, type VaultUnavailable } from "../store/Vault.ts"
import { checkedRows, damagedReason } from "./CheckedRows.ts"
import { JournalUnreadable } from "./JournalUnreadable.ts"
import type { StateError } from "./StateError.ts"
import { StateOwnership } from "./StateOwnership.ts"

/** An output as the state has it. A secret is locked in the vault. */
export const StoredOutput = Schema.Union([
  Schema.Struct({
    /** The value. */
    value: Schema.Json,
  }),
  Schema.Struct({
    /** A secret value, as the vault has locked it. */
    locked: Schema.String,
  }),
])
export type StoredOutput = typeof StoredOutput.Type | never

/** Why the outputs of a document cannot be read. */
export type OutputsError = JournalUnreadable | SqlError | VaultUnavailable

/** A document whose outputs cannot be read. */
export interface DamagedOutputs {
  /** The name of the forma. */
  readonly forma: string
  /** What is wrong with its row. */
  readonly error: JournalUnreadable
}

/** The outputs of all documents that have any, or use those of others. */
export interface OutputsOfAll {
  /** Those that can be read. */
  readonly readable: ReadonlyArray<OutputsOfDocument>
  /** The others: only what needs one of them has to fail. */
  readonly damaged: ReadonlyArray<DamagedOutputs>
}

/** The outputs of one document. */
export interface OutputsOfDocument {
  /** The name of the forma. */
  readonly forma: string
  /** The outputs, by name. */
  readonly outputs: Readonly<Record<string, StoredOutput>>
  /** The names of the formae whose outputs it has used. */
  readonly uses: ReadonlyArray<string>
}

/**
 * Keeps the outputs of documents. Methods fail with `SqlError` where the state
 * cannot be read or written, and with `VaultUnavailable` where a secret cannot be
 * locked or opened.
 */
export class DocumentOutputs extends Context.Service<
  DocumentOutputs,
  {
    /** Those of all documents. A damaged row is told apart, by the name of its document. */
    readonly list: Effect.Effect<OutputsOfAll, SqlError>
    /** The value of an output. */
    readonly open: (stored: StoredOutput) => Effect.Effect<Schema.Json, VaultUnavailable>
    /** A value as it may be stored. */
    readonly close: (value: Schema.Json, isSecret: boolean) => Effect.Effect<StoredOutput, VaultUnavailable>
    /** Replaces those of one document. */
    readonly put: (document: OutputsOfDocument) => Effect.Effect<void, StateError>
    /** Forgets those of one document. */
    readonly remove: (forma: string) => Effect.Effect<void, StateError>
  }
>()("formae/agent/records/DocumentOutputs") {
  /** Keeps them in the store. Secrets are locked in the vault. */
  static readonly layerNoDeps = Layer.effect(
    DocumentOutputs,
    Effect.gen(function* () {
      const ownership = yield* StateOwnership
      const sql = yield* SqlClient.SqlClient
      const vault = yield* Vault
      const checked = checkedRows(sql, "document_outputs")
      return DocumentOutputs.of({
        list: Effect.gen(function* () {
          const rows = yield* sql<StoredRow>`SELECT * FROM document_outputs ORDER BY forma`
          const [readable, damaged] = yield* Effect.partition(rows, readOutputs)
          return { damaged, readable }
        }).pipe(Effect.withSpan("DocumentOutputs.list")),
        open: (stored) =>
          "value" in stored
            ? Effect.succeed(stored.value)
            : Effect.flatMap(vault.open(stored.locked), (text) => Effect.orDie(decodeValue(text))),
        close: (value, isSecret) =>
          isSecret
            ? Effect.map(Effect.flatMap(Effect.orDie(encodeValue(value)), vault.lock), (locked) => ({ locked }))
            : Effect.succeed({ value }),
        put: Effect.fn("DocumentOutputs.put")(function* (document) {
          const { forma, outputs, uses } = yield* Effect.orDie(encodeRow(document))
          const write = sql`
            INSERT INTO document_outputs (forma, outputs, uses) VALUES (${forma}, ${outputs}, ${uses})
            ON CONFLICT (forma) DO UPDATE SET outputs = excluded.outputs, uses = excluded.uses`
          yield* ownership.write(checked.put(sql`forma = ${forma}`, write))
        }),
        remove: Effect.fn("DocumentOutputs.remove")((forma) =>
          Effect.asVoid(ownership.write(sql`DELETE FROM document_outputs WHERE forma = ${forma}`)),
        ),
      })
    }),
  )

  /** The same, over a store that the agent holds by itself. */
  static readonly layer: Layer.Layer<DocumentOutputs, never, SqlClient.SqlClient | StateLock | Vault> =
    this.layerNoDeps.pipe(Layer.provide(StateOwnership.layer))
}

type StoredRow = Readonly<Record<string, unknown>>

const readOutputs = (row: StoredRow): Effect.Effect<OutputsOfDocument, DamagedOutputs> => {
  const forma = String(row["forma"])
  const damaged = (reason: string): DamagedOutputs => ({
    forma,
    error: new JournalUnreadable({ table: "document_outputs", id: forma, reason }),
  })
  return isDamaged(row)
    ? Effect.fail(damaged(damagedReason))
    : Effect.mapError(decodeRow(row), () => damaged("a field of it is not valid"))
}

const Row = Schema.Struct({
  forma: Schema.String,
  outputs: Schema.fromJsonString(Schema.Record(Schema.String, StoredOutput)),
  uses: Schema.fromJsonString(Schema.Array(Schema.String)),
})
const encodeRow = Schema.encodeEffect(Row)
const decodeRow = Schema.decodeUnknownEffect(Row)
const Value = Schema.fromJsonString(Schema.Json)
const encodeValue = Schema.encodeEffect(Value)
const decodeValue = Schema.decodeUnknownEffect(Value)
