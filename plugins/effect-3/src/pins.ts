/** What is pinned to a board: a folder with a folder for each resource type, and in it a JSON file for each resource. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { randomUUID } from "node:crypto"
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { attempt } from "./provider.ts"

/** What a file holds: the operation that created the resource, its properties, and from when on it is ready. */
const Pin = Schema.parseJson(
  Schema.Struct({
    operationId: Schema.String,
    properties: Schema.Record({ key: Schema.String, value: Schema.Unknown }),
    readyAt: Schema.Number,
  }),
)
export type Pin = typeof Pin.Type

const extension = ".json"

/** The resources of one type, on any board. */
export const makePins = (type: string) => {
  const folderOf = (board: string) => join(board, type.replaceAll("::", "."))
  const fileOf = (board: string, nativeId: string) =>
    join(folderOf(board), `${encodeURIComponent(nativeId)}${extension}`)

  /** Writes the whole file or nothing. `put` moves the draft to its place. */
  const write = Effect.fn("write")(function* (file: string, pin: Pin, put: (draft: string) => Promise<void>) {
    const text = yield* Effect.orDie(Schema.encode(Pin)(pin))
    const draft = `${file}.${randomUUID()}`
    yield* attempt(() => writeFile(draft, text))
    yield* attempt(() => put(draft)).pipe(Effect.ensuring(Effect.promise(() => rm(draft, { force: true }))))
  })

  return {
    /** Fails with `NotFound` if there is no such resource. */
    find: Effect.fn("find")(function* (board: string, nativeId: string) {
      const text = yield* attempt(() => readFile(fileOf(board, nativeId), "utf8"))
      return yield* Effect.orDie(Schema.decode(Pin)(text))
    }),
    /** Fails with `AlreadyExists` if the resource exists, also if another call adds it at the same time. */
    add: Effect.fn("add")(function* (board: string, nativeId: string, pin: Pin) {
      const file = fileOf(board, nativeId)
      yield* attempt(() => mkdir(dirname(file), { recursive: true }))
      yield* write(file, pin, (draft) => link(draft, file))
    }),
    replace: (board: string, nativeId: string, pin: Pin) => {
      const file = fileOf(board, nativeId)
      return write(file, pin, (draft) => rename(draft, file))
    },
    /** Fails with `NotFound` if there is no such resource. */
    remove: (board: string, nativeId: string) => attempt(() => rm(fileOf(board, nativeId))),
    /** At most `size` native ids of the files after the one named `after`, and the name of the last file if there are more. */
    list: Effect.fn("list")(function* (board: string, after: string, size: number) {
      const files = yield* attempt(() => readdir(folderOf(board))).pipe(
        Effect.catchIf(
          ({ code }) => code === "NotFound",
          () => Effect.succeed([]),
        ),
      )
      const names = files.filter((file) => file.endsWith(extension) && file > after).toSorted()
      const nativeIds = names.slice(0, size).map((file) => decodeURIComponent(file.slice(0, -extension.length)))
      return { nativeIds, last: names.length > size ? names[size - 1] : undefined }
    }),
  }
}
