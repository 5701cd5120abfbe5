/** From the spawn to the first answer, what a process takes that is ready, and from its violent end to the next answer. */
import type { Entrant } from "../contestants/Entrant.ts"
import { Host } from "./Host.ts"
import { type Figure, figureOf } from "../report/Results.ts"
import { interleaved, type Timed } from "./takeRounds.ts"

/** Those that bring a process back by themselves. */
const restarting: ReadonlySet<string> = new Set(["fake-aws", "aws", "azure", "tinypool"])

/** What is there after the first answer may still be on its way out. */
const settleMillis = 200

/** What V8 compiles in the first starts of a bundle is kept for the later ones; a start that is killed keeps nothing. */
const warmUpStarts = 4

const pause = (millis: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, millis)
  })

export const measureStarts = async (
  entrants: ReadonlyArray<Entrant>,
  rounds: number,
  plugins: string,
  say: (progress: string) => void,
): Promise<ReadonlyArray<Figure>> => {
  const hosted = entrants.map((entrant) => ({ ...entrant, host: new Host(entrant.module, plugins) }))
  const about = hosted.map(({ name, title }) => ({ name, title }))
  const list = (names = about): ReadonlyArray<Timed> => names.map((one) => ({ ...one, rounds: [] }))
  const resident = list()
  const proportional = list()
  const again = list(about.filter(({ name }) => restarting.has(name)))
  const of = (lists: ReadonlyArray<Timed>, name: string) => lists.find((one) => one.name === name)?.rounds
  const onceStarted = new Map<string, Array<number>>()

  const measure = async ({ host, name }: (typeof hosted)[number]): Promise<number> => {
    const millis = await host.millis({ do: "start" })
    await pause(settleMillis)
    const { memory } = await host.obey({ do: "memory" })
    of(resident, name)?.push((memory?.residentKiB ?? Number.NaN) / 1024)
    of(proportional, name)?.push((memory?.proportionalKiB ?? Number.NaN) / 1024)
    if (restarting.has(name)) {
      of(again, name)?.push((await host.millis({ do: "killAndAsk" })) / millis)
      onceStarted.set(name, [...(onceStarted.get(name) ?? []), millis])
    }
    await host.obey({ do: "close" })
    return millis
  }

  try {
    for (const one of hosted) {
      say(`warming up the starts of ${one.title}`)
      for (let start = 0; start < warmUpStarts; start++) await measure(one)
    }
    // What the first start of a host measures is the host.
    for (const { rounds: measured } of [...resident, ...proportional, ...again]) measured.length = 0
    say("starts, kills and memory")
    const starts = await interleaved(hosted, rounds, measure)
    const one = { name: "start", title: "its own start", rounds: starts[0]?.rounds.map(() => 1) ?? [] }
    return [
      figureOf({ id: "start", title: "spawn to first answer", unit: "ms", ratio: "times" }, starts),
      figureOf(
        {
          id: "restart",
          title: "kill -9 when idle to the next answer, against its own start",
          unit: "times",
          ratio: "times",
        },
        [one, ...again],
      ),
      figureOf({ id: "memory", title: "resident memory when ready", unit: "MiB", ratio: "times" }, resident),
      figureOf(
        { id: "proportional", title: "memory when ready, shared pages counted in part", unit: "MiB", ratio: "times" },
        proportional,
      ),
    ]
  } finally {
    await Promise.all(hosted.map(({ host }) => host.close()))
  }
}
