/**
 * What this user has trusted, outside of the folders that are trusted: a file for
 * each, named by the SHA-256 of the folder's real path, so that two commands in
 * two folders never write the same file.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Digest from "effect/crypto/Digest"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import { isPrivate, listPrivate, readPrivate, removePrivate, writePrivate } from "./privateFiles.ts"
import { Remembered } from "./Remembered.ts"
import { ThisUser } from "./ThisUser.ts"
import { TrustUnusable } from "./TrustError.ts"

/** What is remembered of one folder. */
export const TrustRecord = Schema.Struct({
  version: Schema.Literal(1),
  /** Its real path. */
  folder: Schema.String,
  /** When something of it was last trusted, in milliseconds since 1970. */
  since: Schema.Finite,
  supplies: Schema.Array(Remembered),
})
export type TrustRecord = typeof TrustRecord.Type

const RecordText = Schema.fromJsonString(TrustRecord)
const decode = Schema.decodeEffect(RecordText)
const encode = Schema.encodeEffect(RecordText)

export class TrustRecords extends Context.Service<
  TrustRecords,
  {
    /** What is remembered of a folder. Fails with `TrustUnusable` where that cannot be read, or where others may write it. */
    readonly find: (folder: string) => Effect.Effect<TrustRecord | undefined, TrustUnusable>
    /** Remembers these supplies of a folder, in the place of what was remembered. Fails as `find` does. */
    readonly write: (folder: string, supplies: ReadonlyArray<Remembered>) => Effect.Effect<void, TrustUnusable>
    /** Forgets a folder. False if it was not remembered. Fails as `find` does. */
    readonly remove: (folder: string) => Effect.Effect<boolean, TrustUnusable>
    /** All that is remembered, by folder. Fails as `find` does. */
    readonly list: Effect.Effect<ReadonlyArray<TrustRecord>, TrustUnusable>
  }
>()("formae/cli/trust/TrustRecords") {
  /** In the user's own folder for what programs remember. A user without one trusts nothing. */
  static readonly layer: Layer.Layer<TrustRecords, never, FileSystem.FileSystem | Path.Path> = Layer.effect(
    TrustRecords,
    Effect.gen(function* () {
      const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
      const path = yield* Path.Path
      const digest = yield* Digest.Digest
      const { stateHome } = yield* ThisUser
      const place = stateHome === undefined ? undefined : path.join(stateHome, "formae", "trust")

      const fileOf = (at: string, folder: string) =>
        Effect.map(digest.digestHex(Digest.sha256, new TextEncoder().encode(folder)), (name) =>
          path.join(at, `${name}.json`),
        )

      const read = Effect.fnUntraced(function* (file: string) {
        const text = yield* readPrivate(file)
        if (text === undefined) return undefined
        return yield* Effect.mapError(
          decode(text),
          () => new TrustUnusable({ reason: `${file} is not what formae has written`, remedy: "Remove it" }),
        )
      }, Effect.provideContext(context))

      const find = Effect.fnUntraced(function* (folder: string) {
        // The folder of the records has to be this user's alone too.
        if (place === undefined || !(yield* Effect.provideContext(isPrivate(place), context))) return undefined
        const found = yield* Effect.flatMap(fileOf(place, folder), read)
        return found?.folder === folder ? found : undefined
      })

      return TrustRecords.of({
        find,
        write: Effect.fnUntraced(function* (folder, supplies) {
          if (place === undefined) {
            return yield* new TrustUnusable({
              reason: "this user has no folder for what programs remember",
              remedy: "Set HOME or XDG_STATE_HOME",
            })
          }
          const since = yield* Clock.currentTimeMillis
          const text = yield* Effect.orDie(encode({ version: 1, folder, since, supplies }))
          yield* writePrivate(yield* fileOf(place, folder), text)
        }, Effect.provideContext(context)),
        remove: Effect.fnUntraced(function* (folder) {
          if (place === undefined || (yield* find(folder)) === undefined) return false
          yield* Effect.provideContext(removePrivate(yield* fileOf(place, folder)), context)
          return true
        }),
        list: Effect.gen(function* () {
          if (place === undefined) return []
          const names = (yield* Effect.provideContext(listPrivate(place), context)).filter((name) =>
            /^[0-9a-f]{64}\.json$/.test(name),
          )
          const records = yield* Effect.forEach(names, (name) => read(path.join(place, name)))
          return records
            .filter((one) => one !== undefined)
            .toSorted((one, other) => (one.folder < other.folder ? -1 : 1))
        }),
      })
    }),
  ).pipe(Layer.provide(Digest.layerWebCrypto))
}
