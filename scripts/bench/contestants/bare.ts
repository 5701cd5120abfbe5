/** Node alone: the least that a start and a process can cost. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { onLines } from "../work/onLines.ts"
import type { Start } from "./Contestant.ts"

const program = fileURLToPath(new URL("../programs/answering/bare.js", import.meta.url))

const refuse = () => Promise.reject(new Error("bare Node answers no calls"))

export const start: Start = async () => {
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] })
  await new Promise<void>((resolve) => onLines(child.stdout, () => resolve()))
  return {
    pid: child.pid ?? 0,
    oneAfterAnother: refuse,
    inFlight: refuse,
    close: async () => {
      const closed = new Promise((resolve) => child.once("close", resolve))
      child.kill("SIGKILL")
      await closed
    },
  }
}
