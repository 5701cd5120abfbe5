/** Checks a state file before it is opened. One that is damaged or is not ours is refused, and is not changed. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import { SqlClient } from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { isReadOnlySystem } from "./fileReason.ts"
import { FileRefused } from "./FileRefused.ts"
import {
  damaged,
  hardLinked,
  lost,
  notAFile,
  notReadable,
  notWritable,
  older,
  orphanLog,
  readOnlySystem,
  type Trouble,
} from "./FileTrouble.ts"
import * as NodeSqlite from "./NodeSqlite.ts"
import { primaryCode, ResultCode } from "./ResultCode.ts"
import { isWriteAheadLog } from "./WriteAheadLog.ts"
import { countPragma, parseCount, writesOf } from "./WriteCount.ts"

const refuse = (trouble: Trouble | Omit<Trouble, "remedy">) => Effect.fail(new FileRefused(trouble))

export const keyOf = (file: string): string => `${file}.key`
export const logOf = (file: string): string => `${file}-wal`

/** What this user may do with a state file. Writing takes the folder too, because SQLite writes next to the file. */
export const accessTo = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<
  { readonly isReadOnly: boolean; readonly trouble?: Trouble },
  never,
  FileSystem.FileSystem | Path.Path
> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const writeTrouble = (name: string, what = name) =>
    Effect.match(fs.access(name, { writable: true }), {
      onFailure: (error) => {
        if (error.reason._tag === "NotFound") return undefined
        return isReadOnlySystem(error) ? readOnlySystem(name) : notWritable(what)
      },
      onSuccess: () => undefined,
    })
  const here = yield* Effect.result(fs.access(file, { readable: true }))
  if (here._tag === "Failure") {
    // A file that cannot be made is reported when it is made.
    if (here.failure.reason._tag !== "PermissionDenied") return { isReadOnly: false }
    return { isReadOnly: false, trouble: notReadable }
  }
  const ofFile = yield* writeTrouble(file, "it")
  if (ofFile !== undefined) return { isReadOnly: true, trouble: ofFile }
  for (const name of [path.dirname(path.resolve(file)), logOf(file), `${file}-shm`]) {
    const trouble = yield* writeTrouble(name)
    if (trouble !== undefined) return { isReadOnly: true, trouble }
  }
  return { isReadOnly: false }
})

/** What is known of a state file before it is opened. */
export interface FoundFile {
  /** Whether it is missing or empty. */
  readonly isEmpty: boolean
  /** How many transactions it has seen at least. */
  readonly writes: number
  /** The file that says so. */
  readonly writesFile: string
  /** The files next to it that exist only where it has been used. */
  readonly witnesses: ReadonlyArray<string>
}

/** Makes the tables. A file that has seen no other holds nothing. */
const firstWrite = 1

/** Fails where something else is in the place of the file. */
export const refuseUnlessFile = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<void, FileRefused, FileSystem.FileSystem> {
  const found = yield* Effect.option(FileSystem.FileSystem.use((fs) => fs.stat(file)))
  if (Option.isNone(found) || found.value.type === "File") return
  if (found.value.type === "Directory") return yield* refuse({ condition: "Folder", reason: "it is a folder" })
  return yield* refuse(notAFile("it"))
})

/** Fails where the file has several names, or does not match what is next to it. */
export const checkFiles = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<FoundFile, FileRefused | PlatformError, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const lengthOf = (name: string) =>
    Effect.match(fs.stat(name), { onFailure: () => undefined, onSuccess: ({ size }) => size })
  // The file is written before what is next to it, and so it is checked after that: another formae may be making it now.
  const key = yield* lengthOf(keyOf(file))
  const counted = parseCount(yield* Effect.orElseSucceed(fs.readFileString(writesOf(file)), () => "")) ?? 0
  const writes = counted > firstWrite ? counted : 0
  const log = yield* lengthOf(logOf(file))
  const found = yield* Effect.option(fs.stat(file))
  if (found._tag === "Some" && Option.getOrElse(found.value.nlink, () => 1n) > 1n) return yield* refuse(hardLinked)
  const isEmpty = found._tag === "None" || found.value.size === 0n
  if (isEmpty && log !== undefined && log > 0n) {
    return yield* refuse(orphanLog(file, found._tag === "None" ? "missing" : "empty"))
  }
  const witnesses = [...(key === undefined ? [] : [keyOf(file)]), ...(writes > 0 ? [writesOf(file)] : [])]
  if (isEmpty && witnesses.length > 0) {
    return yield* refuse(lost(found._tag === "None" ? "missing" : "empty", witnesses))
  }
  if (log !== undefined && log > 0n && !isWriteAheadLog(yield* fs.readFile(logOf(file)))) {
    return yield* refuse(damaged(file, `${logOf(file)} next to it was overwritten`))
  }
  return { isEmpty, writes, writesFile: writesOf(file), witnesses }
})

/** Refuses a file that has lost writes: its log was removed, or an older copy was put in its place. */
export const refuseLoss = Effect.fnUntraced(function* ({
  witnesses,
  writes,
  writesFile,
}: FoundFile): Effect.fn.Return<void, FileRefused | SqlError, SqlClient> {
  const sql = yield* SqlClient
  const tables = yield* sql`SELECT name FROM sqlite_schema LIMIT 1`.values
  if (tables.length === 0 && witnesses.length > 0) return yield* refuse(lost("without tables", witnesses))
  const [row] = yield* sql.unsafe(`PRAGMA ${countPragma}`).values
  if (Number(row?.[0]) < writes) return yield* refuse(older(writesFile))
})

/** What SQLite answers for a file that is not damaged. */
const intact = "ok"

/** Checks each page, and each index against its table. Takes a few milliseconds for thousands of resources. */
const refuseDamaged = (file: string) =>
  SqlClient.use((sql) => sql.unsafe("PRAGMA integrity_check(1)").values).pipe(
    Effect.flatMap(([row]) => {
      const answer = String(row?.[0])
      return answer === intact ? Effect.void : refuse(damaged(file, answer.split("\n").slice(-1).join()))
    }),
  )

/** Refuses a file that is damaged, or that `checkOwner` fails for. */
export const checkContent = <E>(
  file: string,
  checkOwner: Effect.Effect<void, E, SqlClient>,
): Effect.Effect<void, E | FileRefused | SqlError> => {
  const check = (mode: NodeSqlite.OpenMode) =>
    Effect.provide(
      Effect.andThen(checkOwner, refuseDamaged(file)),
      Layer.fresh(NodeSqlite.layer({ filename: file, mode })),
    )
  // A write that was cut off as the file was made has to be rolled back, which a connection that only reads cannot do.
  return Effect.catchIf(check("read"), isReadOnlyError, () => check("keepJournalMode"))
}

const isReadOnlyError = (error: unknown): boolean =>
  isSqlError(error) && primaryCode(NodeSqlite.codeOf(error) ?? 0) === ResultCode.readOnly
