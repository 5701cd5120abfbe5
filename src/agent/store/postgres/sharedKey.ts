/** The key of a state that several hosts share: each has to have the same one. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { FileRefused } from "../FileRefused.ts"
import { checkKey, ownProof } from "../KeyProof.ts"
import type { Vault } from "../Vault.ts"

/** The key of this host. */
export interface SharedKey {
  /** Its file. Undefined where the host was given the key itself. */
  readonly keyFile: string | undefined
  /** How a host gets the key of a state, as a sentence. */
  readonly advice: string
  /** Nothing is made or written. */
  readonly onlyReads: boolean
}

const knownProof = SqlClient.use((sql) =>
  Effect.map(sql`SELECT mac FROM key_proof WHERE id = 1`.values, ([row]) =>
    row === undefined ? undefined : String(row[0]),
  ),
)

/**
 * Fails where this host has another key than the state, or none. The first host
 * makes the key, if it has a file for it: a key that is made later could be made
 * by two hosts at once.
 */
export const checkSharedKey = Effect.fnUntraced(function* ({
  advice,
  keyFile,
  onlyReads,
}: SharedKey): Effect.fn.Return<
  void,
  FileRefused | PlatformError | SqlError,
  FileSystem.FileSystem | Path.Path | SqlClient | Vault
> {
  const refuse = (reason: string) => new FileRefused({ condition: "ForeignKey", reason, remedy: advice })
  const fs = yield* FileSystem.FileSystem
  const sql = yield* SqlClient
  const known = yield* knownProof
  const hasKey = keyFile === undefined || (yield* fs.exists(keyFile))
  if (!hasKey && known !== undefined) return yield* refuse(`this host does not have its key: there is no ${keyFile}`)
  if (known === undefined && onlyReads) return
  const mac = yield* Effect.mapError(ownProof, ({ reason }) => refuse(reason))
  if (known === undefined) {
    yield* sql`INSERT INTO key_proof (id, mac) VALUES (1, ${mac}) ON CONFLICT (id) DO NOTHING`
  }
  if ((yield* knownProof) === mac) return
  if (keyFile === undefined) return yield* refuse("the key that this host was given is that of another state")
  // It may have been changed, and the change cut off.
  yield* Effect.catchTag(checkKey(keyFile, onlyReads), "FileRefused", () =>
    Effect.fail(refuse(`${keyFile} is not its key, but that of another state or of before a change`)),
  )
})
