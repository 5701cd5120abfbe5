/**
 * The documents by which drift is repaired: what was applied last, for each forma
 * that has something with `drift: repair`. A row of the inventory does not have
 * its secrets, and references to what is created again are stated only here.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { type DriftPolicy, FormaDocument } from "../forma/FormaDocument.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { Vault, VaultUnavailable } from "../store/Vault.ts"
import { checkedRows } from "./CheckedRows.ts"
import { type JournalUnreadable, refuseDamaged } from "./JournalUnreadable.ts"

/** Whether something in a document is repaired. */
const asksForRepair = ({ resources, targets }: FormaDocument, usual: DriftPolicy): boolean =>
  resources.some(({ drift, target }) => (drift ?? ownValue(targets, target)?.drift ?? usual) === "repair")

/** What becomes of the document of a forma as a command begins. */
type Fate = "keep" | "drop" | "replace"

export const makeRepairDocuments = (sql: SqlClient, vault: Vault["Service"], usual: DriftPolicy) => {
  const checked = checkedRows(sql, "repair_documents")
  const isOf = (forma: string) => sql`forma = ${forma}`

  const find = Effect.fnUntraced(function* (forma: string): Effect.fn.Return<string | undefined, SqlError> {
    const [row] = yield* sql`SELECT document FROM repair_documents WHERE ${isOf(forma)}`.values
    return row === undefined ? undefined : String(row[0])
  })

  return {
    /**
     * What a command makes of the document, before its transaction. A part of a
     * document that was applied alone leaves a state that no single document
     * describes: then nothing is repaired until a whole one is applied.
     */
    fateOf: Effect.fnUntraced(function* (
      forma: string,
      document: FormaDocument | undefined,
      isLimited: boolean,
    ): Effect.fn.Return<Fate, SqlError | VaultUnavailable> {
      if (document === undefined || !asksForRepair(document, usual)) return "drop"
      if (!isLimited) return "replace"
      const stored = yield* find(forma)
      if (stored === undefined) return "keep"
      const same = (yield* vault.open(stored)) === (yield* Effect.orDie(encode(document)))
      return same ? "keep" : "drop"
    }),
    /** Needs the transaction in which the command is recorded. */
    write: (forma: string, fate: Fate, locked: string | null): Effect.Effect<void, SqlError> => {
      if (fate === "keep") return Effect.void
      if (fate === "drop" || locked === null) {
        return Effect.asVoid(sql`DELETE FROM repair_documents WHERE ${isOf(forma)}`)
      }
      return checked.put(
        isOf(forma),
        sql`
          INSERT INTO repair_documents (forma, document) VALUES (${forma}, ${locked})
          ON CONFLICT (forma) DO UPDATE SET document = excluded.document`,
      )
    },
    /** Undefined where there is none. */
    read: Effect.fnUntraced(function* (
      forma: string,
    ): Effect.fn.Return<FormaDocument | undefined, SqlError | JournalUnreadable | VaultUnavailable> {
      yield* refuseDamaged("repair_documents", "forma", checked, isOf(forma))
      const stored = yield* find(forma)
      return stored === undefined ? undefined : yield* Effect.orDie(decode(yield* vault.open(stored)))
    }),
  }
}

const Document = Schema.fromJsonString(FormaDocument)
const encode = Schema.encodeEffect(Document)
const decode = Schema.decodeUnknownEffect(Document)
