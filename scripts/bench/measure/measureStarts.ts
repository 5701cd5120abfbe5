/** Measures a start up to the first answer, the memory of a process that is ready, and the time from a kill to the next answer. */
import type { Entrant } from "../contestants/Entrant.ts"
import { type Figure, figureOf } from "../report/Figure.ts"
import { Host } from "./Host.ts"
import { type Rounds, roundsOf, takeRounds } from "./takeRounds.ts"

/** The entrants that bring a process back by themselves. */
const restarting: ReadonlySet<string> = new Set(["fake-aws", "aws", "azure", "tinypool"])

/** Some of the memory that is held at the first answer may be freed soon after it. */
const settleMillis = 200

/** The first starts of a bundle keep what V8 compiles for the later ones. A start that ends in a kill keeps nothing. */
const warmUpStarts = 4

const pause = (millis: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, millis)
  })

/** What one start tells. */
interface StartSample {
  readonly millis: number
  readonly cpuMillis: number
  readonly residentMiB: number
  readonly proportionalMiB: number
  /** From the kill to the next answer, in times of the start. Undefined for those that do not come back. */
  readonly restart: number | undefined
}

const mebibytes = (kibibytes: number | undefined): number => (kibibytes ?? Number.NaN) / 1024

/** Starts it once, and kills it once if it comes back by itself. */
const measureStart = async ({ host, name }: { readonly host: Host; readonly name: string }): Promise<StartSample> => {
  const { cpuMillis, millis } = await host.obey({ do: "start" })
  await pause(settleMillis)
  const { memory } = await host.obey({ do: "memory" })
  const restart = restarting.has(name) ? (await host.obey({ do: "killAndAsk" })).millis / millis : undefined
  await host.obey({ do: "close" })
  return {
    millis,
    cpuMillis: cpuMillis ?? Number.NaN,
    residentMiB: mebibytes(memory?.residentKiB),
    proportionalMiB: mebibytes(memory?.proportionalKiB),
    restart,
  }
}

/** Each beside its own start, which is 1. */
const restartsOf = (starts: ReadonlyArray<Rounds<StartSample>>): ReadonlyArray<Rounds<number>> => [
  { name: "start", title: "its own start", pairs: [{ own: 1, floor: 1 }] },
  ...starts.flatMap(({ name, pairs, title }) => {
    if (!restarting.has(name)) return []
    return [{ name, title, pairs: pairs.map(({ own }) => ({ own: own.restart ?? Number.NaN, floor: 1 })) }]
  }),
]

const figuresOf = (starts: ReadonlyArray<Rounds<StartSample>>): ReadonlyArray<Figure> => {
  const of = (pick: (sample: StartSample) => number) => roundsOf(starts, pick)
  const about = { unit: "MiB", ratio: "times" } as const
  return [
    figureOf(
      { id: "start", title: "spawn to first answer", unit: "ms", ratio: "times" },
      of(({ millis }) => millis),
      of(({ cpuMillis }) => cpuMillis),
    ),
    figureOf(
      {
        id: "restart",
        title: "kill -9 when idle to the next answer, against its own start",
        unit: "times",
        ratio: "times",
      },
      restartsOf(starts),
    ),
    figureOf(
      { id: "memory", title: "resident memory when ready", ...about },
      of(({ residentMiB }) => residentMiB),
    ),
    figureOf(
      { id: "proportional", title: "memory when ready, shared pages counted in part", ...about },
      of(({ proportionalMiB }) => proportionalMiB),
    ),
  ]
}

export const measureStarts = async (
  entrants: ReadonlyArray<Entrant>,
  rounds: number,
  plugins: string,
  say: (progress: string) => void,
): Promise<ReadonlyArray<Figure>> => {
  const hosts = entrants.map((entrant) => ({ ...entrant, host: new Host(entrant, plugins) }))
  try {
    for (const host of hosts) {
      say(`warming up the starts of ${host.title}`)
      for (let start = 0; start < warmUpStarts; start++) await measureStart(host)
    }
    return figuresOf(
      await takeRounds(hosts, rounds, measureStart, (progress) => say(`starts, kills and memory: ${progress}`)),
    )
  } finally {
    await Promise.all(hosts.map(({ host }) => host.close()))
  }
}
