import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
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
