/** Measures calls one after another and in flight, on one core and on two, and the large call. */
import type { Entrant } from "../contestants/Entrant.ts"
import { type Figure, figureOf } from "../report/Figure.ts"
import { Host } from "./Host.ts"
import type { Order, Reply } from "./Order.ts"
import { roundsOf, takeRounds } from "./takeRounds.ts"

/** How many calls, each time it is their turn, and how many rounds. */
export interface CallsForm {
  readonly warmUp: number
  readonly rounds: number
  readonly oneAfterAnother: number
  readonly inFlight: number
  readonly large: number
}

const atOnce = 64

/** The part of its calls with which each turn begins, unmeasured: they fill the processor's caches, which another one had before. */
const unmeasured = 0.25

/** All are warmed up in turns too, so that none rests while the others are. */
const warmUpTurns = 20

type CallOrder = Extract<Order, { readonly calls: number }>

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
  const measure = async (about: Pick<Figure, "id" | "title" | "ratio">, order: CallOrder) => {
    const begin = { ...order, calls: Math.ceil(order.calls * unmeasured) }
    const rounds = await takeRounds(
      hosts,
      form.rounds,
      async ({ host }) => {
        await host.obey(begin)
        return host.obey(order)
      },
      (progress) => say(`${about.title}: ${progress}`),
    )
    const each = (pick: (reply: Reply) => number | null) =>
      roundsOf(rounds, (reply) => (pick(reply) ?? Number.NaN) / order.calls)
    figures.push(
      figureOf(
        { ...about, unit: "ms" },
        each(({ millis }) => millis),
        each(({ cpuMillis }) => cpuMillis),
      ),
    )
  }
  try {
    say("starting all whose calls are measured")
    await all({ do: "start" })
    for (let turn = 1; turn <= warmUpTurns; turn++) {
      say(`warming up: ${turn} of ${warmUpTurns}`)
      const calls = Math.ceil(form.warmUp / warmUpTurns)
      for (const { host } of hosts) {
        await host.obey({ do: "oneAfterAnother", calls })
        await host.obey({ do: "inFlight", calls, atOnce })
      }
    }
    for (const { answering, id, own } of placements) {
      await all({ do: "pin", own, answering })
      await measure(
        { id: `one-${id}`, title: `calls one after another, ${id}`, ratio: "share" },
        { do: "oneAfterAnother", calls: form.oneAfterAnother },
      )
      await measure(
        { id: `flight-${id}`, title: `${atOnce} calls in flight, ${id}`, ratio: "share" },
        { do: "inFlight", calls: form.inFlight, atOnce },
      )
    }
    // The last, because what it leaves in a heap makes small calls slower, and not of all alike.
    await all({ do: "pin", own: "0", answering: "0" })
    await all({ do: "large", calls: form.large })
    await measure(
      { id: "large", title: "1 MiB of properties there and back, together", ratio: "times" },
      { do: "large", calls: form.large },
    )
    await all({ do: "close" })
    return figures
  } finally {
    await Promise.all(hosts.map(({ host }) => host.close()))
  }
}
