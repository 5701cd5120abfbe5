/** Whether the key next to a state file is its own: with another one, nothing that it has locked can be opened. */
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { FileRefused } from "./FileRefused.ts"
import { foreignKey } from "./FileTrouble.ts"
import { Vault } from "./Vault.ts"

const encoder = new TextEncoder()
const salt = encoder.encode("formae key proof")
const proven = encoder.encode("this key")

/**
 * Fails where the file `key` holds the key of another state. A state whose key
 * is lost may get a new one, and then proves that one.
 */
export const checkKey = Effect.fnUntraced(function* (
  key: string,
): Effect.fn.Return<void, FileRefused | PlatformError | SqlError, FileSystem.FileSystem | SqlClient | Vault> {
  const fs = yield* FileSystem.FileSystem
  const sql = yield* SqlClient
  const vault = yield* Vault
  const [known] = yield* sql`SELECT mac FROM key_proof WHERE id = 1`.values
  if (!(yield* fs.exists(key))) {
    if (known !== undefined) yield* sql`DELETE FROM key_proof WHERE id = 1`
    return
  }
  const mac = yield* Effect.option(Effect.map(vault.mac(salt, proven), Base64.encode))
  // A key that cannot be used is reported when it is needed.
  if (mac._tag === "None") return
  if (known === undefined) {
    yield* sql`INSERT INTO key_proof (id, mac) VALUES (1, ${mac.value}) ON CONFLICT (id) DO NOTHING`
  } else if (known[0] !== mac.value) return yield* new FileRefused(foreignKey(key))
})
