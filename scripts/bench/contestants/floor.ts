/** The floor: a bare pipe with one line of JSON each way. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { onLines } from "../work/onLines.ts"
import type { Start } from "./Contestant.ts"
import { promiseLoops } from "./promiseLoops.ts"

const program = fileURLToPath(new URL("../programs/answering/dist/floor.js", import.meta.url))

export const start: Start = async () => {
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] })
  const waiting = new Map<number, (answer: unknown) => void>()
  let lastId = 0
  onLines(child.stdout, (line) => {
    const { answer, id } = JSON.parse(line)
    waiting.get(id)?.(answer)
    waiting.delete(id)
  })
  const call = (body: object) =>
    new Promise<unknown>((resolve) => {
      const id = ++lastId
      waiting.set(id, resolve)
      child.stdin.write(`${JSON.stringify({ id, ...body })}\n`)
    })
  const loops = promiseLoops(
    (request) => call({ request }),
    (properties) => call({ properties }),
  )
  await loops.oneAfterAnother(1)
  return {
    ...loops,
    pid: child.pid ?? 0,
    close: async () => {
      const closed = new Promise((resolve) => child.once("close", resolve))
      child.stdin.end()
      await closed
    },
  }
}
