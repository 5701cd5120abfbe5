/** tinypool with one child process. */
import { Tinypool } from "tinypool"
import { promiseLoops } from "../contestants/promiseLoops.ts"

export const start = async () => {
  const pool = new Tinypool({
    filename: new URL("answering/dist/tinypool.js", import.meta.url).href,
    runtime: "child_process",
    minThreads: 1,
    maxThreads: 1,
    concurrentTasksPerWorker: 64,
    execArgv: [],
  })
  const loops = promiseLoops(
    (request) => pool.run({ request }),
    (properties) => pool.run({ properties }),
  )
  await loops.oneAfterAnother(1)
  const pid = async () => pool.run({})
  return {
    ...loops,
    pid: await pid(),
    killAndAsk: async () => {
      process.kill(await pid(), "SIGKILL")
      for (;;) {
        const answered = await loops.oneAfterAnother(1).then(
          () => true,
          () => false,
        )
        if (answered) return
        await new Promise((resolve) => {
          setImmediate(resolve)
        })
      }
    },
    close: () => pool.destroy(),
  }
}
