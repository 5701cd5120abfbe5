/** Calls one after another and in flight, on one core and on two, and the large one. */
import type { Entrant } from "../contestants/Entrant.ts"
import { Host } from "./Host.ts"
import { type Figure, figureOf } from "../report/Results.ts"
import { interleaved } from "./takeRounds.ts"
import type { Order } from "../programs/host.ts"

export interface CallsForm {
  readonly warmUp: number
  readonly rounds: number
  readonly oneAfterAnother: number
  readonly inFlight: number
  readonly large: number
}

const atOnce = 64

const placements = [
  { id: "together", title: "together", own: "0", answering: "0" },
  { id: "apart", title: "apart", own: "0", answering: "1" },
] as const

export const measureCalls = async (
  entrants: ReadonlyArray<Entrant>,
  form: CallsForm,
  plugins: string,
  say: (progress: string) => void,
): Promise<ReadonlyArray<Figure>> => {
  const hosted = entrants.map((entrant) => ({ ...entrant, host: new Host(entrant.module, plugins) }))
  const figures: Array<Figure> = []
  const figure = async (about: Pick<Figure, "id" | "title" | "unit" | "ratio">, order: Order, calls: number) => {
    say(about.title)
    const timed = await interleaved(hosted, form.rounds, async ({ host }) => (await host.millis(order)) / calls)
    figures.push(figureOf(about, timed))
  }
  try {
    for (const { host, title } of hosted) {
      say(`warming up ${title}`)
      await host.obey({ do: "start" })
      await host.obey({ do: "oneAfterAnother", calls: form.warmUp })
      await host.obey({ do: "inFlight", calls: form.warmUp, atOnce })
    }
    const unit = "ms"
    for (const { answering, id, own, title } of placements) {
      for (const { host } of hosted) await host.obey({ do: "pin", own, answering })
      await figure(
        { id: `one-${id}`, title: `calls one after another, ${title}`, unit, ratio: "share" },
        { do: "oneAfterAnother", calls: form.oneAfterAnother },
        form.oneAfterAnother,
      )
      await figure(
        { id: `flight-${id}`, title: `${atOnce} calls in flight, ${title}`, unit, ratio: "share" },
        { do: "inFlight", calls: form.inFlight, atOnce },
        form.inFlight,
      )
    }
    // Last: what it leaves in a heap makes small calls slower, of some more than of others.
    for (const { host } of hosted) {
      await host.obey({ do: "pin", own: "0", answering: "0" })
      await host.obey({ do: "large", calls: form.large })
    }
    await figure(
      { id: "large", title: "1 MiB of properties there and back, together", unit, ratio: "times" },
      { do: "large", calls: form.large },
      form.large,
    )
    for (const { host } of hosted) await host.obey({ do: "close" })
    return figures
  } finally {
    await Promise.all(hosted.map(({ host }) => host.close()))
  }
}
