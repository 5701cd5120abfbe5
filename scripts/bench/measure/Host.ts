/** The suite's side of a process that hosts one contestant (programs/contestantHost.ts). */
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Entrant } from "../contestants/Entrant.ts"
import type { Order, Reply } from "./Order.ts"

const program = fileURLToPath(new URL("../programs/contestantHost.ts", import.meta.url))

export class Host {
  readonly #process: ChildProcess
  readonly #title: string

  /** `plugins` is the folder of the plugins that the bench has bundled. */
  constructor({ module, title }: Entrant, plugins: string) {
    this.#title = title
    this.#process = fork(program, [module], {
      execArgv: ["--conditions=formae-source", "--expose-gc", "--disable-warning=ExperimentalWarning"],
      env: { ...process.env, FORMAE_BENCH_PLUGINS: plugins, NODE_ENV: "production" },
    })
  }

  /** Throws if the order was not carried out. */
  async obey(order: Order): Promise<Reply> {
    const listening = new AbortController()
    const { signal } = listening
    const exit = once(this.#process, "exit", { signal }).then((): Reply => ({
      millis: 0,
      cpuMillis: null,
      failure: "its process ended",
    }))
    const message = once(this.#process, "message", { signal }).then(([reply]): Reply => reply)
    this.#process.send(order)
    const reply = await Promise.race([message, exit])
    // The one that has lost the race rejects when it stops listening.
    Promise.allSettled([exit, message])
    listening.abort()
    if (reply.failure !== undefined) throw new Error(`${this.#title}: ${order.do}: ${reply.failure}`)
    return reply
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exited = once(this.#process, "exit")
    this.#process.disconnect()
    await exited
  }
}
