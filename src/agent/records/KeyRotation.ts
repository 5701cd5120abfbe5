/**
 * Changes the key of a state: all that is locked is locked again with a new one,
 * in one transaction, while commands go on. What was known only by a MAC, such as
 * a secret of a resource, is recognized by the key of before until it is written
 * again.
 */
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { beginKeyChange, earlierKeysOf, endKeyChange } from "../store/KeyChange.ts"
import { keyFile } from "../store/KeyFile.ts"
import { checkKey, proofOf } from "../store/KeyProof.ts"
import { Vault, VaultUnavailable } from "../store/Vault.ts"
import { checkedRows } from "./CheckedRows.ts"
import { type LockedColumn, lockedColumns } from "./lockedColumns.ts"
import type { StateError } from "./StateError.ts"
import { StateOwnership } from "./StateOwnership.ts"

/** What a change of the key has done. */
export interface Rotated {
  /** The file of the key. */
  readonly key: string
  /** The file with the keys of before. A copy of the state from before the change needs it. */
  readonly earlier: string
  /** How many values were locked again. */
  readonly relocked: number
  /** How many could not be opened with any key, and were left as they are. */
  readonly left: number
}

/** Changes the key of a state. */
export class KeyRotation extends Context.Service<
  KeyRotation,
  {
    /**
     * Changes the key. A change that was cut off is made again from its beginning.
     * Fails with `VaultUnavailable` where there is no key, or where a new one
     * cannot be written, and as `StateOwnership.write` does.
     */
    readonly rotate: Effect.Effect<Rotated, StateError | VaultUnavailable>
  }
>()("formae/agent/records/KeyRotation") {
  /** Of a vault whose key is in the file `key`. */
  static readonly layerFile = (
    key: string,
  ): Layer.Layer<KeyRotation, never, FileSystem.FileSystem | Path.Path | SqlClient | StateOwnership | Vault> =>
    Layer.effect(KeyRotation, makeRotation(key)).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}

const makeRotation = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const ownership = yield* StateOwnership
  const random = yield* SecureRandom.SecureRandom
  const sql = yield* SqlClient
  const vault = yield* Vault
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path | SqlClient | Vault>()
  const { find } = yield* keyFile(file)
  const notWritten = ({ message }: PlatformError) =>
    new VaultUnavailable({
      reason: `the new key cannot be written beside ${file}: ${message}`,
      remedy: "The key was not changed. Check that its folder is writable and has free space",
    })

  const rotate = Effect.gen(function* () {
    yield* ownership.hold
    // A change that was cut off in this process: its new key may be in use.
    yield* Effect.mapError(Effect.provideContext(checkKey(file), context), (error) =>
      error._tag === "SqlError" ? error : new VaultUnavailable({ reason: error.message }),
    )
    const current = yield* find
    if (current === undefined) {
      return yield* new VaultUnavailable({
        reason: `there is no key ${file}`,
        remedy: "There is nothing to change: the state has no secrets yet",
      })
    }
    const next = yield* Effect.orDie(random.randomBytes(current.length))
    yield* Effect.mapError(beginKeyChange(fs, path, file, { current, next }), notWritten)
    const lockAgain = makeLockAgain(sql, vault, next)
    const proof = yield* proofOf(next)
    const first = yield* ownership.write(
      Effect.tap(
        lockAgain,
        () => sql`
          INSERT INTO key_proof (id, mac) VALUES (1, ${proof}) ON CONFLICT (id) DO UPDATE SET mac = excluded.mac`,
      ),
    )
    yield* Effect.mapError(endKeyChange(fs, path, file), notWritten)
    // What a command had locked before, and has written only since then.
    const late = yield* ownership.write(lockAgain)
    return {
      key: file,
      earlier: earlierKeysOf(file),
      relocked: first.relocked + late.relocked,
      left: late.left,
    } satisfies Rotated
  }).pipe(Effect.scoped)

  return KeyRotation.of({ rotate })
})

const parse = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))

interface Counts {
  relocked: number
  left: number
}

/** Locks everything with a key that is not locked with it yet. Needs a transaction of its caller. */
const makeLockAgain = (sql: SqlClient, vault: Vault["Service"], key: Uint8Array): Effect.Effect<Counts, SqlError> =>
  Effect.gen(function* () {
    const next = yield* Vault
    const counts: Counts = { relocked: 0, left: 0 }

    const text = Effect.fnUntraced(function* (locked: string) {
      if ((yield* Effect.option(next.open(locked)))._tag === "Some") return locked
      const opened = yield* Effect.option(vault.open(locked))
      if (opened._tag === "None") {
        counts.left += 1
        return locked
      }
      counts.relocked += 1
      return yield* Effect.orDie(next.lock(opened.value))
    })

    const json = (value: unknown): Effect.Effect<unknown> => {
      if (typeof value !== "object" || value === null) return Effect.succeed(value)
      if (Array.isArray(value)) return Effect.forEach(value, json)
      const entries = Object.entries(value)
      const [[name, inner] = []] = entries
      if (entries.length === 1 && (name === "$locked" || name === "locked") && typeof inner === "string") {
        return Effect.map(text(inner), (again) => ({ [name]: again }))
      }
      return Effect.map(
        Effect.forEach(entries, ([field, one]) => Effect.map(json(one), (again) => [field, again] as const)),
        Object.fromEntries,
      )
    }

    for (const column of lockedColumns) {
      const lockJson = (value: string) =>
        Option.match(parse(value), {
          // A damaged row is reported where it is read.
          onNone: () => Effect.succeed(value),
          onSome: (parsed) => Effect.map(json(parsed), (again) => JSON.stringify(again)),
        })
      yield* eachValue(sql, column, column.form === "text" ? text : lockJson)
    }
    return counts
  }).pipe(Effect.provide(Vault.layerKey(Redacted.make(key))))

/** Writes a column of each row again, where that changes it. */
const eachValue = Effect.fnUntraced(function* (
  sql: SqlClient,
  { column, form, isChecked, keys, table }: LockedColumn,
  change: (value: string) => Effect.Effect<string>,
): Effect.fn.Return<void, SqlError> {
  const checked = checkedRows(sql, table)
  const mayHave = form === "text" ? sql`${sql(column)} IS NOT NULL` : sql`${sql(column)} LIKE '%locked":%'`
  const columns = sql.literal([...keys, column].map((name) => `"${name}"`).join(", "))
  const rows = yield* sql`SELECT ${columns} FROM ${sql(table)} WHERE ${mayHave}`.values
  for (const row of rows) {
    const value = String(row.at(-1))
    const again = yield* change(value)
    if (again === value) continue
    const isRow = sql.and(keys.map((key, index) => sql`${sql(key)} = ${String(row[index])}`))
    const update = sql`UPDATE ${sql(table)} SET ${sql(column)} = ${again} WHERE ${isRow}`
    yield* isChecked ? checked.update(isRow, update) : Effect.asVoid(update)
  }
})
