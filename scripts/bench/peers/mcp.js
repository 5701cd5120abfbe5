/** The SDK of the Model Context Protocol, over stdio. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js"
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js"
import { fileURLToPath } from "node:url"
import { promiseLoops } from "../contestants/promiseLoops.ts"

const program = fileURLToPath(new URL("answering/dist/mcp.js", import.meta.url))

export const start = async () => {
  const transport = new StdioClientTransport({ command: process.execPath, args: [program] })
  const client = new Client({ name: "bench", version: "0.1.0" })
  await client.connect(transport)
  const call = async (name, input) => {
    const { isError, structuredContent } = await client.callTool({ name, arguments: input })
    if (isError === true) throw new Error(`${name} failed`)
    return structuredContent
  }
  const loops = promiseLoops(
    (request) => call("Read", request),
    (properties) => call("Create", properties),
  )
  await loops.oneAfterAnother(1)
  return { ...loops, pid: transport.pid, close: () => client.close() }
}
