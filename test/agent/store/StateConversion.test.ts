import { assert, describe, it } from "@effect/vitest"
import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as PlatformError from "effect/PlatformError"
import * as Migrator from "effect/sql/Migrator"
import * as SqlClient from "effect/sql/SqlClient"
import { describeNote, Note } from "../../../src/agent/commands/Note.ts"
import { Inventory } from "../../../src/agent/records/Inventory.ts"
import { migrations } from "../../../src/agent/store/migrations.ts"
import * as NodeSqlite from "../../../src/agent/store/NodeSqlite.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { Vault } from "../../../src/agent/store/Vault.ts"
import { NativeId } from "../../../src/protocol/Identity.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

/** The steps that 0.1.0 knows. */
const earlier = Object.fromEntries(Object.entries(migrations).filter(([name]) => Number.parseInt(name, 10) <= 6))

/** A state as 0.1.0 has made it, with a row. */
const makeEarlierState = Effect.gen(function* () {
  const file = join(yield* temporaryFolder, "state.db")
  yield* Effect.gen(function* () {
    yield* Migrator.make({})({ loader: Migrator.fromRecord(earlier), table: "formae_migrations" })
    const sql = yield* SqlClient.SqlClient
    yield* sql`INSERT INTO resources (forma, label, type, target, target_config, native_id, desired, actual, depends_on, updated_at) VALUES ('f', 'l', 'A::B::C', 't', '{}', 'id', '{}', '{}', '[]', 0)`
  }).pipe(Effect.provide(Layer.fresh(NodeSqlite.layer({ filename: file }))))
  return file
})

const open = (file: string) => Layer.build(Layer.fresh(Store.layerFile(file)).pipe(Layer.provide(NodeServices.layer)))

const conversionOf = (file: string) =>
  Effect.scoped(Effect.map(open(file), (context) => Context.get(context, Store.StateConversion)))

const rowsOf = (file: string) => {
  const database = new DatabaseSync(file, { readOnly: true })
  const rows = database.prepare("SELECT * FROM resources").all()
  database.close()
  return rows
}

describe("a state of an earlier version", () => {
  it.effect("is copied before its tables change, for its owner alone, and keeps its rows", () =>
    Effect.gen(function* () {
      const file = yield* makeEarlierState
      const conversion = yield* conversionOf(file)
      assert.match(conversion?.backup ?? "", /state\.db\.before-\d+\.\d+\.\d+$/)
      const backup = conversion?.backup ?? ""
      assert.strictEqual(statSync(backup).mode & 0o777, 0o600)
      const [row] = rowsOf(backup)
      assert.deepInclude(row, { label: "l", native_id: "id" })
      assert.notProperty(row, "checksum")
      assert.isString(rowsOf(file)[0]?.["checksum"])
      assert.deepEqual(
        readdirSync(join(file, "..")).filter((name) => name.startsWith("formae-backup")),
        [],
      )
      assert.isUndefined(yield* conversionOf(file))
      const context = yield* open(file)
      const rows = yield* Effect.provideContext(
        Inventory.use((inventory) => inventory.list()).pipe(Effect.provide(Inventory.layer)),
        context,
      )
      assert.strictEqual(rows[0]?.nativeId, NativeId.make("id"))
    }),
  )

  it.effect("is searched for what has several labels, which is told in words, bounded", () =>
    Effect.gen(function* () {
      const things = Array.from({ length: 12 }, (_, index) => `x${index}`)
      const labels = [
        ["m", "id"],
        ...things.flatMap((thing) => [`a-${thing}`, `b-${thing}`].map((one) => [one, thing])),
      ]
      const file = yield* makeEarlierState
      const database = new DatabaseSync(file)
      const insert = database.prepare(
        "INSERT INTO resources SELECT 'g', ?, type, target, target_config, ?, desired, actual, depends_on, 0 FROM resources WHERE label = 'l'",
      )
      for (const [label = "", nativeId = ""] of labels) insert.run(label, nativeId)
      database.close()
      const conversion = yield* conversionOf(file)
      assert.strictEqual(conversion?.namedTwice.length, 13)
      assert.deepEqual(conversion?.namedTwice[0], { type: "A::B::C", nativeId: "id", owners: ["f/l", "g/m"] })
      const said = describeNote(Note.cases.Converted.make({ backup: "x", namedTwice: conversion?.namedTwice ?? [] }))
      assert.include(said, "more than one label has: A::B::C id (f/l, g/m); A::B::C x0 (g/a-x0, g/b-x0); ")
      assert.include(said, "; 3 more. A plan says")
      const plain = yield* conversionOf(yield* makeEarlierState)
      assert.deepEqual(plain?.namedTwice, [])
      assert.notInclude(describeNote(Note.cases.Converted.make({ backup: "x", namedTwice: [] })), "more than one")
    }),
  )

  it.effect("whose tables were not all made, because the disk was full, is opened", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "state.db")
      yield* Migrator.make({})({ loader: Migrator.fromRecord({}), table: "formae_migrations" }).pipe(
        Effect.provide(Layer.fresh(NodeSqlite.layer({ filename: file }))),
      )
      assert.deepEqual((yield* conversionOf(file))?.namedTwice ?? [], [])
      assert.lengthOf(rowsOf(file), 0)
    }),
  )

  it.effect("that is put back is copied once more, over no other copy", () =>
    Effect.gen(function* () {
      const file = yield* makeEarlierState
      const first = (yield* conversionOf(file))?.backup ?? ""
      const bytes = readFileSync(first)
      copyFileSync(first, file)
      rmSync(`${file}.writes`)
      assert.strictEqual((yield* conversionOf(file))?.backup, `${first}.2`)
      assert.isTrue(bytes.equals(readFileSync(first)))
    }),
  )

  it.effect("that cannot be copied is not converted", () =>
    Effect.gen(function* () {
      const file = yield* makeEarlierState
      const untouched = yield* makeEarlierState
      const fs = yield* FileSystem.FileSystem
      const rename: typeof fs.rename = (path) =>
        Effect.fail(
          PlatformError.systemError({
            _tag: "PermissionDenied",
            module: "FileSystem",
            method: "rename",
            pathOrDescriptor: path,
          }),
        )
      const error = yield* Effect.flip(Effect.scoped(Layer.build(Layer.fresh(Store.layerFile(file))))).pipe(
        Effect.provideService(FileSystem.FileSystem, { ...fs, rename }),
      )
      assert.include(error.message, "Nothing was changed")
      assert.deepEqual(rowsOf(file).map(Object.keys), rowsOf(untouched).map(Object.keys))
      assert.isFalse(readdirSync(join(file, "..")).some((name) => name.includes("before")))
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.effect("that is new needs no copy", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "state.db")
      assert.isUndefined(yield* conversionOf(file))
      assert.deepEqual(
        readdirSync(join(file, "..")).filter((name) => name.includes("before")),
        [],
      )
    }),
  )
})

describe("the key of a state", () => {
  const lock = (file: string) =>
    Effect.scoped(Effect.flatMap(open(file), (context) => Context.get(context, Vault).lock("secret")))

  const makeKeyedState = Effect.gen(function* () {
    const file = join(yield* temporaryFolder, "state.db")
    yield* lock(file)
    yield* lock(file)
    return file
  })

  it.effect("is refused where it is that of another state, and accepted again when it is its own", () =>
    Effect.gen(function* () {
      const file = yield* makeKeyedState
      const other = yield* makeKeyedState
      const own = readFileSync(`${file}.key`)
      copyFileSync(`${other}.key`, `${file}.key`)
      const error = yield* Effect.flip(lock(file))
      assert.strictEqual(error._tag, "StoreUnavailable")
      assert.include(error.message, `${file}.key is not its key, but that of another state`)
      writeFileSync(`${file}.key`, own, { mode: 0o600 })
      yield* lock(file)
    }),
  )

  it.effect("may be a new one once the old one is lost", () =>
    Effect.gen(function* () {
      const file = yield* makeKeyedState
      rmSync(`${file}.key`)
      yield* lock(file)
      yield* lock(file)
      const other = yield* makeKeyedState
      copyFileSync(`${other}.key`, `${file}.key`)
      assert.include((yield* Effect.flip(lock(file))).message, "that of another state")
    }),
  )
})
