import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"

const ours: ReadonlyArray<string> = ["answering/floor.ts", "answering/effectRpc.ts", "answering/rpcLayer.ts"]
const peers: ReadonlyArray<string> = ["fork.js", "jsonrpc.js", "mcp.js", "tinypool.js"].map(
  (name) => `../peers/answering/${name}`,
)

/**
 * Compiles the programs that answer to JavaScript, into `dist` beside each.
 * From TypeScript, Node would load its parser into each of them, and they would
 * start later and be larger for no reason of their own. Packages are not bundled.
 */
export const compilePrograms = async (withPeers: boolean): Promise<void> => {
  for (const file of [...ours, ...(withPeers ? peers : [])]) {
    const input = fileURLToPath(new URL(file, import.meta.url))
    const build = await rolldown({ input, platform: "node", external: /^[^./]/ })
    await build.write({ file: input.replace(/([^/\\]+)\.[jt]s$/, "dist/$1.js"), format: "esm" })
    await build.close()
  }
}
