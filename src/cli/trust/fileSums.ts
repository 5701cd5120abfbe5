/**
 * The sums of the files of a plugin. What a module loads cannot be known before
 * it runs, so they are those of all files in its folder, except what its package
 * manager and formae itself put there. A lock file is among them, what it locks
 * is not. The entry always is.
 */
import * as Digest from "effect/crypto/Digest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import type { Sums } from "./Remembered.ts"
import { ThisUser } from "./ThisUser.ts"
import { NotOwned, NotSummed } from "./TrustError.ts"

const notSummed: ReadonlySet<string> = new Set(["node_modules", ".compiled", ".git"])

/** What is larger takes too long at each command. */
export const sumLimits = { files: 2_000, bytes: 64 * 1024 * 1024 } as const

const tooMuch = (folder: string) =>
  new NotSummed({
    path: folder,
    reason: `it has more than ${sumLimits.files} files and folders, or ${sumLimits.bytes / 1024 / 1024} MiB`,
  })

/** `entry` is the real path of the file that runs. */
export const fileSums = (
  folder: string,
  entry?: string,
): Effect.Effect<Sums, NotOwned | NotSummed, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const user = yield* ThisUser
    const digest = yield* Digest.Digest
    const sums = new Map<string, string>()
    let bytes = 0
    let entries = 0

    const sumOf = Effect.fnUntraced(function* (file: string, size: bigint) {
      bytes += Number(size)
      if (bytes > sumLimits.bytes) return yield* tooMuch(folder)
      return yield* digest.digestHex(Digest.sha256, yield* fs.readFile(file))
    })

    const add = Effect.fnUntraced(function* (
      name: string,
    ): Effect.fn.Return<void, NotOwned | NotSummed | PlatformError> {
      entries += 1
      if (entries > sumLimits.files) return yield* tooMuch(folder)
      const file = path.join(folder, name)
      const link = yield* Effect.option(fs.readLink(file))
      const found = yield* Effect.option(fs.stat(file))
      const leadsTo = Option.match(link, { onNone: () => "", onSome: (target) => `link to ${target} ` })
      if (found._tag === "None") {
        // It may be a name that is not UTF-8, whose file the plugin can still read.
        if (link._tag === "None") {
          return yield* new NotSummed({ path: file, reason: "a file of this name cannot be looked at" })
        }
        sums.set(name, `${leadsTo}missing`)
        return
      }
      const { size, type, uid } = found.value
      if (!user.owns(Option.getOrUndefined(uid))) {
        return yield* new NotOwned({ path: file, uid: Option.getOrElse(uid, () => 0) })
      }
      if (type === "Directory" && link._tag === "None") {
        if (!notSummed.has(path.basename(name))) yield* addAll(name)
        return
      }
      // Read only if it is a file: a pipe has no end. A folder that a link leads to may contain anything.
      sums.set(name, `${leadsTo}${type === "File" ? yield* sumOf(file, size) : type}`)
    })

    const addAll = (name: string): Effect.Effect<void, NotOwned | NotSummed | PlatformError> =>
      Effect.flatMap(fs.readDirectory(path.join(folder, name)), (names) =>
        Effect.forEach(names.toSorted(), (one) => add(path.join(name, one)), { discard: true }),
      )

    const all = Effect.gen(function* () {
      yield* addAll("")
      const runs = entry === undefined ? undefined : path.relative(folder, entry)
      if (runs !== undefined && !sums.has(runs)) yield* add(runs)
    })
    yield* Effect.catchTag(all, "PlatformError", ({ message }) =>
      Effect.fail(new NotSummed({ path: folder, reason: message })),
    )
    return Object.fromEntries(sums)
  }).pipe(Effect.provide(Digest.layerWebCrypto))
