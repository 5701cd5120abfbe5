/** Whether the key next to a state file is its own: with another one, nothing that it has locked can be opened. */
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { FileRefused } from "./FileRefused.ts"
import { foreignKey } from "./FileTrouble.ts"
import { earlierKeysOf, endKeyChange, nextKeyOf, readKeys } from "./KeyChange.ts"
import { Vault } from "./Vault.ts"

const encoder = new TextEncoder()
const salt = encoder.encode("formae key proof")
const proven = encoder.encode("this key")

/** What a state would have of the key of the vault, which is made if there is none. */
export const ownProof = Effect.map(
  Vault.use(({ mac }) => mac(salt, proven)),
  Base64.encode,
)

/** What a state has of its key. */
export const proofOf = (key: Uint8Array): Effect.Effect<string> =>
  Effect.orDie(Effect.provide(ownProof, Vault.layerKey(Redacted.make(key))))

const proofsIn = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* Effect.forEach(yield* readKeys(fs, file), proofOf)
})

/**
 * Fails where the file `key` holds the key of another state. A state whose key
 * is lost may get a new one, and then proves that one. A change of the key that
 * was cut off is brought to its end, but for a command that only reads. A copy
 * of before a change proves the key that it has now.
 */
export const checkKey = Effect.fnUntraced(function* (
  key: string,
  onlyReads = false,
): Effect.fn.Return<
  void,
  FileRefused | PlatformError | SqlError,
  FileSystem.FileSystem | Path.Path | SqlClient | Vault
> {
  const fs = yield* FileSystem.FileSystem
  const sql = yield* SqlClient
  const [known] = yield* sql`SELECT mac FROM key_proof WHERE id = 1`.values
  if (!(yield* fs.exists(key))) {
    if (known !== undefined) yield* sql`DELETE FROM key_proof WHERE id = 1`
    return
  }
  const mac = yield* Effect.option(ownProof)
  // A key that cannot be used is reported when it is needed.
  if (mac._tag === "None") return
  if (known === undefined) {
    yield* sql`INSERT INTO key_proof (id, mac) VALUES (1, ${mac.value}) ON CONFLICT (id) DO NOTHING`
    return
  }
  const wanted = String(known[0])
  if (wanted === mac.value) return
  if ((yield* proofsIn(nextKeyOf(key))).includes(wanted)) {
    if (!onlyReads) yield* endKeyChange(fs, yield* Path.Path, key)
  } else if ((yield* proofsIn(earlierKeysOf(key))).includes(wanted)) {
    yield* sql`UPDATE key_proof SET mac = ${mac.value} WHERE id = 1`
  } else return yield* new FileRefused(foreignKey(key))
})
