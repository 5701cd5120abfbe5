import * as NodePath from "@effect/platform-node/NodePath"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as SemVer from "effect/SemVer"
import { agentVersion } from "../../../src/agent/index.ts"
import { ownDependency, unpackedCheckout } from "../../../src/cli/OwnPackage.ts"

it.effect(
  "a plugin made in a checkout depends on its tarball, because a link would bring a second copy of effect",
  () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const root = yield* fs.makeTempDirectoryScoped({ prefix: "formae-test-" })
      const tarball = path.join(root, "packages", `formae-${SemVer.format(agentVersion)}.tgz`)
      const dependency = yield* ownDependency(root, path.join(root, "plugins", "mine"))
      assert.strictEqual(dependency, `file:../../packages/${path.basename(tarball)}`)

      assert.strictEqual(yield* unpackedCheckout(root), root)
      yield* fs.makeDirectory(path.dirname(tarball))
      yield* fs.writeFileString(tarball, "")
      assert.isUndefined(yield* unpackedCheckout(root))
    }).pipe(Effect.provide(NodeServices.layer)),
)

it.effect("it is written with slashes on Windows too, so that the project can be used on another system", () =>
  Effect.gen(function* () {
    const dependency = yield* ownDependency(String.raw`C:\formae`, String.raw`C:\plugins\mine`)
    assert.strictEqual(dependency, `file:../../formae/packages/formae-${SemVer.format(agentVersion)}.tgz`)
    assert.match(
      yield* ownDependency(String.raw`D:\formae`, String.raw`C:\plugins\mine`),
      /^file:D:\/formae\/packages\//,
    )
  }).pipe(Effect.provide(Layer.merge(NodeServices.layer, NodePath.layerWin32))),
)
