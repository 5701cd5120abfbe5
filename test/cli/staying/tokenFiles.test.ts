import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { addToken, findTokenIn, listTokens, removeToken, tokensFolder } from "../../../src/cli/staying/tokenFiles.ts"
import { tokenHash } from "../../../src/control/server/tokens.ts"

const inFolder = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  return { fs, folder: yield* tokensFolder(`${yield* fs.makeTempDirectoryScoped()}/.formae/state.db`) }
})

describe("the tokens of an agent", () => {
  it.effect("are kept as hashes that only this user may read, and found until they are removed", () =>
    Effect.gen(function* () {
      const { folder, fs } = yield* inFolder
      assert.deepEqual(yield* listTokens(folder), [])
      const ci = yield* addToken(folder, "ci")
      const night = yield* addToken(folder, "night.1")
      assert.match(ci, /^formae_[\w-]{43}$/)
      const tokens = yield* listTokens(folder)
      assert.deepEqual(
        tokens.map(({ hash, name }) => [name, hash]),
        [
          ["ci", tokenHash(ci)],
          ["night.1", tokenHash(night)],
        ],
      )
      assert.strictEqual((yield* fs.stat(folder)).mode & 0o777, 0o700)
      for (const { hash } of tokens) {
        assert.strictEqual((yield* fs.stat(`${folder}/${hash}`)).mode & 0o777, 0o600)
        assert.notInclude(yield* fs.readFileString(`${folder}/${hash}`), ci.slice(7, 20))
      }
      const find = findTokenIn(folder)
      assert.deepEqual(
        [find(tokenHash(ci)), find(tokenHash(night)), find(tokenHash("x"))],
        ["ci", "night.1", undefined],
      )
      yield* removeToken(folder, "ci")
      assert.deepEqual([find(tokenHash(ci)), find(tokenHash(night))], [undefined, "night.1"])
      assert.include((yield* Effect.flip(removeToken(folder, "nigth.1"))).message, "did you mean night.1?")
      assert.include((yield* Effect.flip(addToken(folder, "night.1"))).message, "already")
      // A damaged one lets nobody in, is listed, and can be removed by its hash.
      yield* fs.writeFileString(`${folder}/${tokenHash(night)}`, "{")
      assert.isUndefined(find(tokenHash(night)))
      assert.deepEqual(
        (yield* listTokens(folder)).map(({ name }) => name),
        [undefined],
      )
      yield* removeToken(folder, tokenHash(night))
      assert.deepEqual(yield* listTokens(folder), [])
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
  )

  it.effect("are not used where others could have put some", () =>
    Effect.gen(function* () {
      const { folder, fs } = yield* inFolder
      yield* addToken(folder, "ci")
      yield* fs.chmod(folder, 0o755)
      for (const use of [
        Effect.asVoid(listTokens(folder)),
        Effect.asVoid(addToken(folder, "b")),
        removeToken(folder, "ci"),
      ]) {
        assert.include((yield* Effect.flip(use)).message, "other users may enter it")
      }
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
  )

  it.effect.each(["", "-x", "two words", "a/b", "..", "a\n", "é", "x".repeat(65)])("have no name like %j", (name) =>
    Effect.gen(function* () {
      const { folder } = yield* inFolder
      assert.include((yield* Effect.flip(addToken(folder, name))).message, "The name of a token")
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
  )
})
