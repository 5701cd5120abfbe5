/** Measures calls one after another and in flight, on one core and on two, and the large call. */
import type { Entrant } from "../contestants/Entrant.ts"
import { type Figure, figureOf } from "../report/Figure.ts"
import { Host } from "./Host.ts"
import type { Order } from "./Order.ts"
import { takeRounds } from "./takeRounds.ts"

/** How many calls, each time it is their turn, and how many rounds. */
export interface CallsForm {
  readonly warmUp: number
  readonly rounds: number
  readonly oneAfterAnother: number
  readonly inFlight: number
  readonly large: number
}

const atOnce = 64

/** On which cores the two processes of a contestant run. */
const placements = [
  { id: "together", own: "0", answering: "0" },
  { id: "apart", own: "0", answering: "1" },
] as const

export const measureCalls = async (
  entrants: ReadonlyArray<Entrant>,
  form: CallsForm,
  plugins: string,
  say: (progress: string) => void,
): Promise<ReadonlyArray<Figure>> => {
  const hosts = entrants.map((entrant) => ({ ...entrant, host: new Host(entrant, plugins) }))
  const all = async (order: Order) => {
    for (const { host } of hosts) await host.obey(order)
  }
  const figures: Array<Figure> = []
  const measure = async (about: Pick<Figure, "id" | "title" | "ratio">, order: Order, calls: number) => {
    say(about.title)
    const rounds = await takeRounds(hosts, form.rounds, async ({ host }) => (await host.millis(order)) / calls)
    figures.push(figureOf({ ...about, unit: "ms" }, rounds))
  }
  try {
    for (const { host, title } of hosts) {
      say(`warming up ${title}`)
      await host.obey({ do: "start" })
      await host.obey({ do: "oneAfterAnother", calls: form.warmUp })
      await host.obey({ do: "inFlight", calls: form.warmUp, atOnce })
    }
    for (const { answering, id, own } of placements) {
      await all({ do: "pin", own, answering })
      await measure(
        { id: `one-${id}`, title: `calls one after another, ${id}`, ratio: "share" },
        { do: "oneAfterAnother", calls: form.oneAfterAnother },
        form.oneAfterAnother,
      )
      await measure(
        { id: `flight-${id}`, title: `${atOnce} calls in flight, ${id}`, ratio: "share" },
        { do: "inFlight", calls: form.inFlight, atOnce },
        form.inFlight,
      )
    }
    // The last, because what it leaves in a heap makes small calls slower, and not of all alike.
    await all({ do: "pin", own: "0", answering: "0" })
    await all({ do: "large", calls: form.large })
    await measure(
      { id: "large", title: "1 MiB of properties there and back, together", ratio: "times" },
      { do: "large", calls: form.large },
      form.large,
    )
    await all({ do: "close" })
    return figures
  } finally {
    await Promise.all(hosts.map(({ host }) => host.close()))
  }
}
