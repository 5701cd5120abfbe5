/** Looks at a state file before it is opened: what is not as it should be is refused, and nothing of it is changed. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Schema from "effect/Schema"
import { SqlClient } from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { damaged, emptied, logAlone, notReadable, notWritable, type Trouble } from "./FileTrouble.ts"
import * as NodeSqlite from "./NodeSqlite.ts"
import { isWriteAheadLog } from "./WriteAheadLog.ts"

/** A state file that is not to be opened. */
export class FileRefused extends Schema.TaggedError<FileRefused>("formae/agent/store/FileRefused")("FileRefused", {
  reason: Schema.String,
  /** Undefined where only the usual one is known. */
  wayOut: Schema.optionalKey(Schema.String),
}) {}

const refuse = (trouble: Trouble | Pick<Trouble, "reason">) => Effect.fail(new FileRefused(trouble))

export const keyOf = (file: string): string => `${file}.key`
export const logOf = (file: string): string => `${file}-wal`

/** What this user may do with a state file: SQLite writes beside it, too. */
export const rightsTo = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<
  { readonly mayOnlyRead: boolean; readonly refused?: Trouble },
  never,
  FileSystem.FileSystem | Path.Path
> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const isWritable = (name: string) =>
    Effect.match(fs.access(name, { writable: true }), {
      onFailure: ({ reason }) => reason._tag === "NotFound",
      onSuccess: () => true,
    })
  const here = yield* Effect.result(fs.access(file, { readable: true }))
  if (here._tag === "Failure") {
    // What stands in the way of making it is told when it is made.
    if (here.failure.reason._tag !== "PermissionDenied") return { mayOnlyRead: false }
    return { mayOnlyRead: false, refused: notReadable }
  }
  if (!(yield* isWritable(file))) return { mayOnlyRead: true, refused: notWritable("it") }
  for (const beside of [path.dirname(path.resolve(file)), logOf(file), `${file}-shm`]) {
    if (!(yield* isWritable(beside))) return { mayOnlyRead: true, refused: notWritable(beside) }
  }
  return { mayOnlyRead: false }
})

/** Fails where a file is a folder, or what is in it and beside it does not go together. False where nothing is in it. */
export const lookAtFiles = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<boolean, FileRefused | PlatformError, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const lengthOf = (name: string) =>
    Effect.match(fs.stat(name), { onFailure: () => undefined, onSuccess: ({ size }) => size })
  // What is written later is looked at earlier: another formae that begins the file now is no trouble.
  const key = yield* lengthOf(keyOf(file))
  const log = yield* lengthOf(logOf(file))
  const found = yield* Effect.option(fs.stat(file))
  if (found._tag === "Some" && found.value.type === "Directory") return yield* refuse({ reason: "it is a folder" })
  const isEmpty = found._tag === "None" || found.value.size === 0n
  if (isEmpty && log !== undefined && log > 0n) {
    return yield* refuse(logAlone(file, found._tag === "None" ? "missing" : "empty"))
  }
  if (found._tag === "Some" && isEmpty && key !== undefined) return yield* refuse(emptied(keyOf(file)))
  if (log !== undefined && log > 0n && !isWriteAheadLog(yield* fs.readFile(logOf(file)))) {
    return yield* refuse(damaged(file, `${logOf(file)} beside it has been written over`))
  }
  return !isEmpty
})

const allIsWell = "ok"

/** Page by page, and each index with its table: some milliseconds for thousands of resources. */
const refuseDamaged = (file: string) =>
  SqlClient.use((sql) => sql.unsafe("PRAGMA integrity_check(1)").values).pipe(
    Effect.flatMap(([row]) => {
      const said = String(row?.[0])
      return said === allIsWell ? Effect.void : refuse(damaged(file, said.split("\n").slice(-1).join()))
    }),
  )

/** Refuses what is damaged, and what `check` does not take for ours. */
export const lookInside = <E>(
  file: string,
  check: Effect.Effect<void, E, SqlClient>,
): Effect.Effect<void, E | FileRefused | SqlError> => {
  const look = (how: Omit<NodeSqlite.NodeSqliteOptions, "filename">) =>
    Effect.provide(
      Effect.andThen(check, refuseDamaged(file)),
      Layer.fresh(NodeSqlite.layer({ filename: file, ...how })),
    )
  // A write that was cut off as the file was made is to be taken back, and whoever only reads can not do that.
  return Effect.catchIf(look({ readOnly: true }), isReadOnly, () => look({ asItIs: true }))
}

const readOnlyCode = 8

const isReadOnly = (error: unknown): boolean =>
  isSqlError(error) && ((NodeSqlite.codeOf(error) ?? 0) & 0xff) === readOnlyCode
