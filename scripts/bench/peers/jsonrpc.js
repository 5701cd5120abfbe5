/** vscode-jsonrpc on stdio. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node"
import { promiseLoops } from "../contestants/promiseLoops.ts"

const program = fileURLToPath(new URL("answering/dist/jsonrpc.js", import.meta.url))

export const start = async () => {
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] })
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  )
  connection.listen()
  const loops = promiseLoops(
    (request) => connection.sendRequest("Read", request),
    (properties) => connection.sendRequest("Create", properties),
  )
  await loops.oneAfterAnother(1)
  return {
    ...loops,
    pid: child.pid,
    close: async () => {
      const closed = new Promise((resolve) => child.once("close", resolve))
      child.stdin.end()
      await closed
      connection.dispose()
    },
  }
}
