/** The floor: a bare pipe with a line of JSON each way, and nothing else. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { loopsOf, type Start } from "./Contestant.ts"
import { onLines } from "../work/onLines.ts"

const program = fileURLToPath(new URL("../programs/answering/dist/floor.js", import.meta.url))

export const start: Start = async () => {
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] })
  const waiting = new Map<number, (answer: unknown) => void>()
  let id = 0
  onLines(child.stdout, (line) => {
    const { answer, id: answered } = JSON.parse(line)
    waiting.get(answered)?.(answer)
    waiting.delete(answered)
  })
  const call = (body: object) =>
    new Promise<unknown>((resolve) => {
      id += 1
      waiting.set(id, resolve)
      child.stdin.write(`${JSON.stringify({ id, ...body })}\n`)
    })
  const loops = loopsOf(
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
