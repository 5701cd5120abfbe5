/** child_process.fork, with either of its serializations. */
import { fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promiseLoops } from "../contestants/promiseLoops.ts"

const program = fileURLToPath(new URL("answering/dist/fork.js", import.meta.url))

export const startFork = async (serialization) => {
  const child = fork(program, { serialization, execArgv: [] })
  const waiting = new Map()
  let lastId = 0
  child.on("message", (message) => {
    waiting.get(message.id)?.(message.answer)
    waiting.delete(message.id)
  })
  const call = (body) =>
    new Promise((resolve) => {
      const id = ++lastId
      waiting.set(id, resolve)
      child.send({ id, ...body })
    })
  const loops = promiseLoops(
    (request) => call({ request }),
    (properties) => call({ properties }),
  )
  await loops.oneAfterAnother(1)
  return {
    ...loops,
    pid: child.pid,
    close: async () => {
      const closed = new Promise((resolve) => child.once("exit", resolve))
      child.disconnect()
      await closed
    },
  }
}
