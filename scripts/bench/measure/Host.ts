/** The suite's side of a runner. */
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Obeyed, Order } from "../programs/host.ts"

const runner = fileURLToPath(new URL("../programs/host.ts", import.meta.url))

export class Host {
  readonly #process: ChildProcess
  readonly #module: string

  /** `module` is relative to scripts/bench. */
  constructor(module: string, plugins: string) {
    this.#module = module
    this.#process = fork(runner, [module], {
      execArgv: ["--conditions=formae-source", "--expose-gc", "--disable-warning=ExperimentalWarning"],
      env: { ...process.env, FORMAE_BENCH_PLUGINS: plugins, NODE_ENV: "production" },
    })
  }

  async obey(order: Order): Promise<Obeyed> {
    const waiting = new AbortController()
    const { signal } = waiting
    const left = once(this.#process, "exit", { signal }).then((): Obeyed => ({
      millis: 0,
      failure: "its process ended",
    }))
    const answered = once(this.#process, "message", { signal }).then(([message]): Obeyed => message)
    this.#process.send(order)
    const obeyed = await Promise.race([answered, left])
    // Whoever has lost the race must not listen any longer.
    Promise.allSettled([left, answered])
    waiting.abort()
    if (obeyed.failure !== undefined) throw new Error(`${this.#module}: ${order.do}: ${obeyed.failure}`)
    return obeyed
  }

  async millis(order: Order): Promise<number> {
    return (await this.obey(order)).millis
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exited = once(this.#process, "exit")
    this.#process.disconnect()
    await exited
  }
}
