/**
 * The tokens of the callers of an agent: a file for each in a folder beside the state, named by the hash of the
 * token. So one is found without a list, and is gone at once where its file is removed, also for an agent that runs.
 */
import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Schema from "effect/Schema"
import { readFileSync } from "node:fs"
import { knownNames } from "../../agent/forma/nearestName.ts"
import { makeFolder } from "../../agent/store/DurableFolder.ts"
import { fileReason } from "../../agent/store/fileReason.ts"
import { replaceFile } from "../../agent/store/replaceFile.ts"
import { type FindToken, tokenHash } from "../../control/server/tokens.ts"
import { within } from "../../platform/paths.ts"
import { isWindows, Platform } from "../../platform/Platform.ts"
import { UserIds } from "../../platform/userIds.ts"
import { badInput } from "../CommandFailure.ts"
import { fileOfState } from "../stateFiles.ts"
import { objectionToFolder, prepareFolder } from "./socketPath.ts"

/** What is kept of a token. */
export interface KeptToken {
  readonly hash: string
  /** Undefined where its file cannot be read. Then nobody is let in by it. */
  readonly name: string | undefined
  /** In milliseconds since 1970. */
  readonly createdAt: number | undefined
}

/** The folder of the tokens of a state. */
export const tokensFolder = (stateFile: string) => Effect.map(fileOfState(stateFile), (file) => `${file}.tokens`)

const Kept = Schema.fromJsonString(
  Schema.Struct({ version: Schema.Literal(1), name: Schema.String, createdAt: Schema.Finite }),
)
const encode = Schema.encodeEffect(Kept)
const decode = Schema.decodeUnknownOption(Kept)

/** A name that is shown as it is, in a log and in a table. */
const isName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$/.test(name)

const isHash = (name: string): boolean => /^[0-9a-f]{64}$/.test(name)

/** Long enough that nobody guesses one. */
const tokenBytes = 32

const unusable = (folder: string, reason: string) =>
  badInput("TokensUnusable", `The tokens in ${folder} cannot be used: ${reason}. Nothing was changed`)

const failIn = (folder: string) => (error: PlatformError) => unusable(folder, fileReason(error))

/** Whether the folder is there. Fails where others may enter it: they could let themselves in. */
const isThere = Effect.fnUntraced(function* (folder: string) {
  if (isWindows(yield* Platform))
    return yield* FileSystem.FileSystem.use((fs) => Effect.orElseSucceed(fs.exists(folder), () => false))
  const objection = objectionToFolder(folder, (yield* UserIds).uid)
  if (objection === "missing") return false
  return objection === undefined ? true : yield* unusable(folder, `${objection}. Look at what is in it first`)
})

/** The tokens, by their names. Fails where others may enter their folder. */
export const listTokens = Effect.fnUntraced(function* (folder: string) {
  if (!(yield* isThere(folder))) return []
  const fs = yield* FileSystem.FileSystem
  const files = (yield* Effect.mapError(fs.readDirectory(folder), failIn(folder))).filter(isHash)
  const tokens = yield* Effect.forEach(files, (hash) =>
    Effect.map(
      Effect.orElseSucceed(fs.readFileString(within(folder, hash)), () => ""),
      (text): KeptToken => {
        const kept = decode(text)
        return kept._tag === "Some"
          ? { hash, name: kept.value.name, createdAt: kept.value.createdAt }
          : { hash, name: undefined, createdAt: undefined }
      },
    ),
  )
  return tokens.toSorted((one, other) => ((one.name ?? "") < (other.name ?? "") ? -1 : 1))
})

/** Makes a token, and gives it. Nothing can give it again. Fails where there is one with that name. */
export const addToken = Effect.fnUntraced(function* (folder: string, name: string) {
  if (!isName(name)) {
    return yield* badInput(
      "TokenNameInvalid",
      "The name of a token may have letters, digits, dashes, dots, underscores and @, begins with a letter or a digit, and has 64 characters at most",
    )
  }
  if ((yield* listTokens(folder)).some((one) => one.name === name)) {
    return yield* badInput(
      "TokenExists",
      `There is a token ${name} already. Remove it first, or give this one another name`,
    )
  }
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  yield* Effect.mapError(makeFolder(fs, path, path.dirname(folder)), failIn(folder))
  const objection = yield* prepareFolder(folder, (yield* UserIds).uid)
  if (objection !== undefined && !isWindows(yield* Platform)) return yield* unusable(folder, objection)
  const random = yield* SecureRandom.SecureRandom
  const token = `formae_${Base64Url.encode(yield* Effect.orDie(random.randomBytes(tokenBytes)))}`
  const text = yield* Effect.orDie(encode({ version: 1, name, createdAt: yield* Clock.currentTimeMillis }))
  yield* Effect.mapError(replaceFile(within(folder, tokenHash(token)), text), failIn(folder))
  return token
}, Effect.provide(SecureRandom.layerWebCrypto))

/** Takes a token away: its caller is let in no more. */
export const removeToken = Effect.fnUntraced(function* (folder: string, name: string) {
  const tokens = yield* listTokens(folder)
  const found = tokens.filter((one) => one.name === name || one.hash === name)
  if (found.length === 0) {
    const known = tokens.flatMap((one) => one.name ?? [])
    return yield* badInput("TokenUnknown", `There is no token ${name}; ${knownNames(name, "tokens", known)}`)
  }
  const fs = yield* FileSystem.FileSystem
  yield* Effect.forEach(found, ({ hash }) => Effect.mapError(fs.remove(within(folder, hash)), failIn(folder)))
})

/** Looks for a token each time it is asked. What cannot be read now may be read later, so it is not taken for unknown. */
export const findTokenIn =
  (folder: string): FindToken =>
  (hash) => {
    try {
      const kept = decode(readFileSync(within(folder, hash), "utf8"))
      return kept._tag === "Some" ? kept.value.name : undefined
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined
      throw error
    }
  }
