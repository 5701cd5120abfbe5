import { assert, describe, it } from "@effect/vitest"
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as PlatformError from "effect/PlatformError"
import { Vault } from "../../../src/agent/store/Vault.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

const vaultOf = (file: string, services: Layer.Layer<FileSystem.FileSystem> = NodeServices.layer) =>
  Effect.map(
    Layer.build(Layer.fresh(Vault.layerFile(file)).pipe(Layer.provide(services), Layer.provide(NodeServices.layer))),
    Context.get(Vault),
  )

const keyFile = Effect.map(temporaryFolder, (folder) => join(folder, "state.db.key"))

/** The file system of this machine, but the disk is full when a key is written or synced. */
const full = (method: "writeAll" | "sync") =>
  Layer.effect(
    FileSystem.FileSystem,
    Effect.map(FileSystem.FileSystem, (fs) => ({
      ...fs,
      open: (path: string, options?: Parameters<typeof fs.open>[1]) =>
        Effect.map(fs.open(path, options), (file) => {
          const fails = PlatformError.systemError({
            _tag: "Unknown",
            module: "FileSystem",
            method,
            pathOrDescriptor: path,
            description: "ENOSPC: no space left on device",
          })
          const value = method === "sync" ? Effect.fail(fails) : () => Effect.fail(fails)
          return Object.create(file, { [method]: { value } }) as FileSystem.File
        }),
    })),
  ).pipe(Layer.provide(NodeServices.layer))

describe("the key file", () => {
  it.effect("is made when it is first needed, readable by its owner alone, and opens what was locked with it", () =>
    Effect.gen(function* () {
      const file = yield* keyFile
      const vault = yield* vaultOf(file)
      assert.isFalse(existsSync(file))
      const locked = yield* vault.lock("hunter2")
      assert.notInclude(locked, "hunter2")
      assert.strictEqual((statSync(file).mode & 0o777).toString(8), "600")
      assert.deepEqual(readdirSync(dirname(file)), ["state.db.key"])
      assert.strictEqual(yield* (yield* vaultOf(file)).open(locked), "hunter2")
    }),
  )

  it.effect.each(["writeAll", "sync"] as const)(
    "that cannot be written (%s) is not left behind, and is made later",
    (method) =>
      Effect.gen(function* () {
        const file = yield* keyFile
        const error = yield* Effect.flip((yield* vaultOf(file, full(method))).lock("hunter2"))
        assert.include(
          error.message,
          `The secrets of the journal cannot be used: the key file ${file} cannot be written:`,
        )
        assert.include(error.message, "no space left on device")
        assert.include(error.message, "Check that its folder is writable and has free space, and run the same command")
        assert.deepEqual(readdirSync(dirname(file)), [])
        const vault = yield* vaultOf(file)
        assert.strictEqual(yield* vault.open(yield* vault.lock("hunter2")), "hunter2")
      }),
  )

  it.effect("is the one that was made first for all vaults that begin at once", () =>
    Effect.gen(function* () {
      const file = yield* keyFile
      const vaults = yield* Effect.replicateEffect(vaultOf(file), 8)
      const locked = yield* Effect.forEach(vaults, ({ lock }) => lock("hunter2"), { concurrency: "unbounded" })
      const later = yield* vaultOf(file)
      assert.deepEqual(
        yield* Effect.forEach(locked, later.open),
        locked.map(() => "hunter2"),
      )
      assert.deepEqual(readdirSync(dirname(file)), ["state.db.key"])
    }),
  )

  it.effect("that holds no key is not changed, and the message names it and the remedy", () =>
    Effect.gen(function* () {
      const file = yield* keyFile
      writeFileSync(file, "short", { mode: 0o600 })
      const error = yield* Effect.flip((yield* vaultOf(file)).lock("hunter2"))
      assert.strictEqual(
        error.message,
        `The secrets of the journal cannot be used: the key file ${file} does not hold a key. Restore the key, or move it away and apply the document again: it has the secrets`,
      )
      assert.strictEqual(readFileSync(file, "utf8"), "short")
    }),
  )

  it.effect.each([0o644, 0o640, 0o602])("that others can read or write (mode %s) is not used", (mode) =>
    Effect.gen(function* () {
      const file = yield* keyFile
      const locked = yield* (yield* vaultOf(file)).lock("hunter2")
      chmodSync(file, mode)
      const vault = yield* vaultOf(file)
      for (const use of [vault.lock("other"), vault.open(locked)]) {
        const { message } = yield* Effect.flip(use)
        assert.include(message, `other users can read or write the key file ${file} (mode ${mode.toString(8)}). `)
        assert.include(message, `chmod 600 ${file}`)
      }
      chmodSync(file, 0o600)
      assert.strictEqual(yield* vault.open(locked), "hunter2")
    }),
  )
})
