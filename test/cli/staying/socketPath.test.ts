import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { objectionToFolder, prepareFolder, socketPaths } from "../../../src/cli/staying/socketPath.ts"

const facts = { environment: {}, uid: 1000, platform: "linux", temporary: "/tmp" }

const temporary = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "formae-socket-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true })),
)

const uid = process.getuid?.()

describe("the path of a socket", () => {
  it("follows from the state, and is the same for each process of a user, with a runtime folder or without", () => {
    const [plain, withRuntime] = [facts, { ...facts, environment: { XDG_RUNTIME_DIR: "/run/user/1000" } }].map((one) =>
      socketPaths("/home/jo/shop/.formae/state.db", one),
    )
    assert.deepEqual(plain, withRuntime)
    assert.match(plain?.[0] ?? "", /^\/run\/user\/1000\/formae\/[0-9a-f]{16}\.sock$/)
    assert.match(plain?.[1] ?? "", /^\/tmp\/formae-1000\/[0-9a-f]{16}\.sock$/)
    assert.notDeepEqual(socketPaths("/home/jo/other/.formae/state.db", facts), plain)
  })

  it("is short enough for every system, however long the folders are", () => {
    const long = `/${"x".repeat(120)}`
    const paths = socketPaths(`${long}/state.db`, {
      ...facts,
      environment: { XDG_RUNTIME_DIR: long },
      temporary: "/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T",
    })
    assert.isAbove(paths.length, 1)
    for (const path of paths) assert.isAtMost(Buffer.byteLength(path), 103)
  })

  it("leaves out a runtime folder that is not absolute, and is a pipe on Windows", () => {
    assert.notInclude(socketPaths("/s", { ...facts, environment: { XDG_RUNTIME_DIR: "here" } }).join(), "here")
    const [pipe, ...more] = socketPaths("C:/s", { ...facts, platform: "win32", uid: undefined })
    assert.match(pipe ?? "", /^\\\\\.\\pipe\\formae-[0-9a-f]{16}$/)
    assert.deepEqual(more, [])
  })
})

describe("the folder of sockets", () => {
  it.effect("is made for this user alone, and taken where it is so already", () =>
    Effect.gen(function* () {
      const folder = join(yield* temporary, "formae")
      assert.strictEqual(objectionToFolder(folder, uid), "missing")
      assert.isUndefined(yield* prepareFolder(folder, uid))
      assert.strictEqual(statSync(folder).mode & 0o777, 0o700)
      assert.isUndefined(yield* prepareFolder(folder, uid))
    }),
  )

  it.effect("is refused where it is a link, a file, another user's, or open to others", () =>
    Effect.gen(function* () {
      const parent = yield* temporary
      const [folder, link, file] = ["folder", "link", "file"].map((name) => join(parent, name)) as [
        string,
        string,
        string,
      ]
      mkdirSync(folder, { mode: 0o700 })
      symlinkSync(folder, link)
      writeFileSync(file, "")
      assert.strictEqual(yield* prepareFolder(link, uid), "it is a link")
      assert.strictEqual(yield* prepareFolder(file, uid), "it is not a folder")
      assert.strictEqual(yield* prepareFolder(folder, 4_242), `it belongs to another user (uid ${uid})`)
      chmodSync(folder, 0o750)
      assert.strictEqual(yield* prepareFolder(folder, uid), "other users may enter it")
      assert.match((yield* prepareFolder(join(file, "below"), uid)) ?? "", /^it cannot be/)
    }),
  )
})
