import { assert, describe, it } from "@effect/vitest"
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as PlatformError from "effect/PlatformError"
import * as SqlClient from "effect/sql/SqlClient"
import * as Store from "../../../src/agent/store/Store.ts"
import { Vault } from "../../../src/agent/store/Vault.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

const open = (file: string) => Layer.build(Layer.fresh(Store.layerFile(file)).pipe(Layer.provide(NodeServices.layer)))

const write = SqlClient.SqlClient.use((sql) =>
  sql.withTransaction(sql`INSERT INTO quarantines VALUES ('p', 1, '', 0) ON CONFLICT DO NOTHING`),
)

/** Uses the state that `file` names, with its vault. */
const use = (file: string) =>
  Effect.gen(function* () {
    const context = yield* open(file)
    yield* Effect.provideContext(write, context)
    yield* Context.get(context, Vault).lock("secret")
  }).pipe(Effect.scoped)

/** A folder with a state, and another folder with a link to it. */
const makeLinked = Effect.gen(function* () {
  const folder = realpathSync(yield* temporaryFolder)
  for (const name of ["real", "links"]) mkdirSync(join(folder, name))
  const file = join(folder, "real", "state.db")
  const link = join(folder, "links", "state.db")
  yield* use(file)
  return { folder, file, link }
})

const reasonOf = (file: string) =>
  Effect.map(Effect.flip(Effect.scoped(open(file))), (error) => {
    assert.strictEqual(error._tag, "StoreUnavailable")
    assert.include(error.message, `The state file ${file} cannot be used: `)
    return error.message
  })

describe("a state file that is a link", () => {
  it.effect("has everything that belongs to it next to the real file", () =>
    Effect.gen(function* () {
      const { file, folder, link } = yield* makeLinked
      chmodSync(file, 0o640)
      symlinkSync("../real/state.db", join(folder, "links", "other.db"))
      symlinkSync("other.db", link)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const context = yield* open(link)
          const rows = yield* SqlClient.SqlClient.use((sql) => sql`SELECT plugin FROM quarantines`.values).pipe(
            Effect.provideContext(context),
          )
          assert.deepEqual(rows, [["p"]])
          assert.deepEqual(readdirSync(join(folder, "links")), ["other.db", "state.db"])
          assert.includeMembers(readdirSync(join(folder, "real")), ["state.db-wal", "state.db.key"])
        }),
      )
      assert.strictEqual(statSync(file).mode & 0o777, 0o640)
      assert.deepEqual(readdirSync(join(folder, "links")), ["other.db", "state.db"])
    }),
  )

  it.effect("to nothing is refused, and nothing is made", () =>
    Effect.gen(function* () {
      const { folder, link } = yield* makeLinked
      symlinkSync("../real/gone.db", link)
      const gone = join(folder, "real", "gone.db")
      assert.include(yield* reasonOf(link), `it is a link to ${gone}, which does not exist`)
      assert.isFalse(existsSync(gone))
    }),
  )

  it.effect("to itself, on whatever way, is refused", () =>
    Effect.gen(function* () {
      const { folder, link } = yield* makeLinked
      symlinkSync("other.db", link)
      symlinkSync("state.db", join(folder, "links", "other.db"))
      assert.include(yield* reasonOf(link), "it is a link that leads back to itself")
    }),
  )

  it.effect("into a folder that may not be written is refused", () =>
    Effect.gen(function* () {
      const { folder, link } = yield* makeLinked
      symlinkSync("../real/state.db", link)
      const fs = yield* FileSystem.FileSystem
      const denied = (path: string) =>
        PlatformError.systemError({
          _tag: "PermissionDenied",
          module: "FileSystem",
          method: "access",
          pathOrDescriptor: path,
        })
      const access: typeof fs.access = (path, options) =>
        path === join(folder, "real") && options?.writable === true
          ? Effect.fail(denied(path))
          : fs.access(path, options)
      const error = yield* Effect.flip(Effect.scoped(Layer.build(Layer.fresh(Store.layerFile(link))))).pipe(
        Effect.provideService(FileSystem.FileSystem, { ...fs, access }),
      )
      assert.include(error.message, `The state file ${link} cannot be used: ${join(folder, "real")} is read-only`)
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.effect("in the file system, so that it has two names, is refused", () =>
    Effect.gen(function* () {
      const { file, link } = yield* makeLinked
      linkSync(file, link)
      for (const name of [file, link]) assert.include(yield* reasonOf(name), "the file has several names (hard links)")
      rmSync(link)
      yield* use(file)
    }),
  )
})

describe("a state file that disappears while it is open", () => {
  const ways: ReadonlyArray<readonly [how: string, take: (file: string, link: string) => void, named: string]> = [
    ["was removed", (file) => rmSync(file), "links/state.db"],
    ["was moved", (file) => renameSync(file, `${file}.moved`), "links/state.db"],
    [
      "was replaced by another one",
      (file) => {
        renameSync(file, `${file}.moved`)
        symlinkSync(`${file}.moved`, `${file}.link`)
        renameSync(`${file}.link`, file)
        rmSync(file)
        mkdirSync(file)
      },
      "links/state.db",
    ],
    ["has lost its log", (file) => rmSync(`${file}-wal`), "real/state.db-wal"],
    [
      "is no longer where its link leads",
      (_, link) => {
        rmSync(link)
        mkdirSync(link)
      },
      "links/state.db",
    ],
  ]

  for (const [how, take, named] of ways) {
    for (const inTransaction of [true, false]) {
      const title = `and ${how}: the next write fails, ${inTransaction ? "in a transaction" : "by itself"}`
      it.effect(title, () =>
        Effect.gen(function* () {
          const { file, folder, link } = yield* makeLinked
          symlinkSync("../real/state.db", link)
          const context = yield* open(link)
          const sql = Context.get(context, SqlClient.SqlClient)
          const add = (name: string) => {
            const insert = sql`INSERT INTO quarantines VALUES (${name}, 1, '', 0)`
            return inTransaction ? sql.withTransaction(insert) : insert
          }
          yield* add("a")
          take(file, link)
          const error = yield* Effect.flip(add("b"))
          assert.strictEqual(error._tag, "SqlError")
          assert.include(
            error.message,
            `The state file ${link} cannot be used: ${join(folder, named)} was removed, moved or replaced while formae was using it`,
          )
          assert.strictEqual((yield* Effect.flip(add("c")))._tag, "SqlError")
        }),
      )
    }
  }
})
