/**
 * `npm run attacks`: lets each hostile plugin of the museum attack an agent of
 * its own, and writes docs/attacks.md with what came of it. It writes nothing,
 * and ends with 1, if an attack did more than it may.
 */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { execFile } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { attacksPage } from "../test/process/attacks/attacksPage.ts"
import { attackGroups } from "../test/process/attacks/attackTable.ts"

const page = new URL("../docs/attacks.md", import.meta.url)
const makeBundles = fileURLToPath(new URL("../test/bundles/make.ts", import.meta.url))

const folder = await mkdtemp(join(tmpdir(), "formae-bundles-"))
// Where the tests look for the bundles, once they are loaded.
process.env["FORMAE_TEST_BUNDLES"] = folder
// The command remembers nothing of the user who runs this.
for (const variable of ["XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"]) {
  process.env[variable] = join(folder, variable)
}
try {
  await promisify(execFile)(process.execPath, [makeBundles])
  const { runGroup } = await import("../test/process/attacks/runAttacks.ts")
  const results = await Effect.runPromise(
    Effect.forEach(attackGroups, (group) =>
      Effect.tap(runGroup({ ...group, isAlone: true }), ({ problems }) =>
        Console.error([`${group.title}: ${group.attacks.length} attacks`, ...problems].join("\n  ")),
      ),
    ),
  )
  if (results.some(({ problems }) => problems.length > 0)) process.exitCode = 1
  else await writeFile(page, attacksPage(attackGroups.map((group, index) => [group, results[index]!.outcomes])))
} finally {
  await rm(folder, { recursive: true, force: true })
}
