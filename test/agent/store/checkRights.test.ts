import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import { chmodSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { checkRights } from "../../../src/agent/store/checkRights.ts"
import { UserIds } from "../../../src/platform/userIds.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

/** A state that everybody may write, in a folder that everybody may write, with a key that everybody may read. */
const openToAll = Effect.map(temporaryFolder, (folder) => {
  const [state, file] = [join(folder, "state"), join(folder, "state", "state.db")]
  mkdirSync(state)
  for (const path of [file, `${file}.key`]) {
    writeFileSync(path, "")
    chmodSync(path, 0o666)
  }
  chmodSync(state, 0o777)
  return file
})

const check = (ids: { readonly uid: number | undefined; readonly gid: number | undefined }) =>
  Effect.flatMap(openToAll, checkRights).pipe(
    Effect.match({ onFailure: () => "refused", onSuccess: () => "used" }),
    Effect.provideService(UserIds, ids),
    Effect.scoped,
    Effect.provide(NodeServices.layer),
  )

describe("a state that others may write", () => {
  it.effect("is refused where files have owners and modes", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* check({ uid: process.getuid?.(), gid: process.getgid?.() }), "refused")
    }),
  )

  it.effect("is used where users have no ids, as on Windows: its modes say nothing there", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* check({ uid: undefined, gid: undefined }), "used")
    }),
  )
})
