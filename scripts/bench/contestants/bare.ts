/** Node alone, which asks and answers nothing: what a start and a process cost at least. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Start } from "./Contestant.ts"
import { onLines } from "../work/onLines.ts"

const program = fileURLToPath(new URL("../programs/answering/bare.js", import.meta.url))

const nothing = () => Promise.reject(new Error("bare Node does no work"))

export const start: Start = async () => {
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] })
  await new Promise<void>((resolve) => onLines(child.stdout, () => resolve()))
  return {
    pid: child.pid ?? 0,
    oneAfterAnother: nothing,
    inFlight: nothing,
    close: async () => {
      const closed = new Promise((resolve) => child.once("close", resolve))
      child.kill("SIGKILL")
      await closed
    },
  }
}
