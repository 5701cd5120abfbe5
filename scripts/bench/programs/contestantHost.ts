/**
 * Hosts one contestant in a process of its own, carries out the orders of the
 * suite, and measures how long each takes: the clock of the bench is here, so that no other contestant's garbage disturbs what is measured.
 * Its argument is the URL of the contestant's module.
 */
import { hrtime } from "node:process"
import type { Contestant, Start } from "../contestants/Contestant.ts"
import { cpuMillisOf, ownCpuMillis } from "../measure/CpuTime.ts"
import { memoryOf } from "../measure/Memory.ts"
import type { Order, Reply } from "../measure/Order.ts"
import { pin } from "../measure/pin.ts"

const { start }: { readonly start: Start } = await import(process.argv[2] ?? "")

let contestant: Contestant | undefined

const obey = async (order: Order): Promise<Pick<Reply, "memory">> => {
  if (order.do === "start") {
    contestant = await start()
    return {}
  }
  if (contestant === undefined) throw new Error("it has not been started")
  switch (order.do) {
    case "close":
      await contestant.close()
      contestant = undefined
      break
    case "pin":
      pin(process.pid, order.own)
      pin(contestant.pid, order.answering)
      break
    case "oneAfterAnother":
      await contestant.oneAfterAnother(order.calls)
      break
    case "inFlight":
      await contestant.inFlight(order.calls, order.atOnce)
      break
    case "large":
      await contestant.large?.(order.calls)
      break
    case "killAndAsk":
      await contestant.killAndAsk?.()
      break
    case "memory":
      return { memory: memoryOf(contestant.pid) }
  }
  return {}
}

/** What both processes have taken so far. One that does not run yet has taken nothing. */
const cpuMillis = (): number => ownCpuMillis() + (contestant === undefined ? 0 : cpuMillisOf(contestant.pid))

process.on("message", (order: Order) => {
  const before = cpuMillis()
  const startedAt = hrtime.bigint()
  const taken = (): Pick<Reply, "cpuMillis" | "millis"> => ({
    millis: Number(hrtime.bigint() - startedAt) / 1e6,
    cpuMillis: cpuMillis() - before,
  })
  obey(order).then(
    (reply) => process.send?.({ ...taken(), ...reply } satisfies Reply),
    (error: unknown) => process.send?.({ ...taken(), failure: String(error) } satisfies Reply),
  )
})
process.on("disconnect", () => process.exit(0))
