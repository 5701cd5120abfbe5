/**
 * Hosts one contestant in a process of its own, and obeys the suite: what is
 * measured here is disturbed by no other contestant's garbage.
 */
import { hrtime } from "node:process"
import { memoryOf, pin } from "../measure/system.ts"
import type { Contestant, Start } from "../contestants/Contestant.ts"

export type Order =
  | { readonly do: "start" }
  | { readonly do: "close" }
  | { readonly do: "pin"; readonly own: string; readonly answering: string }
  | { readonly do: "oneAfterAnother"; readonly calls: number }
  | { readonly do: "inFlight"; readonly calls: number; readonly atOnce: number }
  | { readonly do: "large"; readonly calls: number }
  | { readonly do: "killAndAsk" }
  | { readonly do: "memory" }

export interface Obeyed {
  readonly millis: number
  readonly memory?: { readonly residentKiB: number; readonly proportionalKiB: number | undefined }
  readonly failure?: string
}

const { start }: { readonly start: Start } = await import(process.argv[2] ?? "")

let contestant: Contestant | undefined

const obey = async (order: Order): Promise<void> => {
  if (order.do === "start") {
    contestant = await start()
    return
  }
  if (contestant === undefined) throw new Error("it has not been started")
  switch (order.do) {
    case "close":
      await contestant.close()
      contestant = undefined
      return
    case "pin":
      pin(process.pid, order.own)
      pin(contestant.pid, order.answering)
      return
    case "oneAfterAnother":
      return await contestant.oneAfterAnother(order.calls)
    case "inFlight":
      return await contestant.inFlight(order.calls, order.atOnce)
    case "large":
      return await contestant.large?.(order.calls)
    case "killAndAsk":
      return await contestant.killAndAsk?.()
    case "memory":
      return
  }
}

process.on("message", (order: Order) => {
  const began = hrtime.bigint()
  const took = () => Number(hrtime.bigint() - began) / 1e6
  obey(order).then(
    () => {
      const answer: Obeyed = {
        millis: took(),
        ...(order.do === "memory" && contestant !== undefined && { memory: memoryOf(contestant.pid) }),
      }
      process.send?.(answer)
    },
    (error: unknown) => process.send?.({ millis: took(), failure: String(error) } satisfies Obeyed),
  )
})
process.on("disconnect", () => process.exit(0))
