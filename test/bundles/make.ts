/** Makes the bundles that tests start: `node make.ts`. It is a separate process because a bundler keeps hundreds of mebibytes. */
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { bundle, bundleCommand, bundlePlugin } from "../../scripts/bundle.ts"
import {
  claimedFolder,
  commandFolder,
  localFolder,
  pluginsFolder,
  steppingAgentFolder,
  steppingFolder,
  twinFolder,
} from "./folders.ts"

// Without a folder of its own it would remove what it finds where it was started.
if (claimedFolder === "") throw new Error("FORMAE_TEST_BUNDLES is not set: it says where the bundles are to be made")

const root = fileURLToPath(new URL("../..", import.meta.url))

for (const folder of [commandFolder, pluginsFolder, localFolder, steppingFolder, steppingAgentFolder, twinFolder]) {
  await rm(folder, { recursive: true, force: true })
}
await bundleCommand(commandFolder, root)
for (const name of ["fake-aws", "aws", "azure"]) {
  await bundlePlugin(join(root, "plugins", name), join(pluginsFolder, name), root)
}
await bundlePlugin(join(root, "examples/plugins/local"), join(localFolder, "local"), root)
await bundlePlugin(join(root, "test/fixtures/plugins/stepping"), join(steppingFolder, "stepping"), root)
await bundlePlugin(join(root, "test/fixtures/plugins/twin"), join(twinFolder, "twin"), root)
await bundle("test/process/survival/agentProcess.ts", steppingAgentFolder, root)
