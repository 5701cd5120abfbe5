/** Answers as a server of the Model Context Protocol on stdio. */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js"
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js"
import { z } from "zod"
import { propertiesOf } from "../../work/Read.ts"

const entries = z.array(z.object({ Key: z.string(), Value: z.string() }))

const answered = (structuredContent) => ({ content: [], structuredContent })

const server = new McpServer({ name: "bench", version: "0.1.0" })
server.registerTool(
  "Read",
  {
    inputSchema: {
      nativeId: z.string(),
      resourceType: z.string(),
      targetConfig: z.object({ region: z.string() }),
    },
    outputSchema: {
      operation: z.string(),
      status: z.string(),
      nativeId: z.string(),
      properties: z.object({ name: z.string(), tags: z.record(z.string(), z.string()), size: z.number() }),
    },
  },
  ({ nativeId }) => answered({ operation: "Read", status: "Succeeded", nativeId, properties: propertiesOf(nativeId) }),
)
server.registerTool("Create", { inputSchema: { entries }, outputSchema: { entries } }, (properties) =>
  answered(properties),
)
process.stdin.once("end", () => process.exit(0))
await server.connect(new StdioServerTransport())
