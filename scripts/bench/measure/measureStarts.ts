/** Measures a start up to the first answer, the memory of a process that is ready, and the time from a kill to the next answer. */
import type { Entrant } from "../contestants/Entrant.ts"
import { type Figure, figureOf } from "../report/Figure.ts"
import { Host } from "./Host.ts"
import { type Rounds, takeRounds } from "./takeRounds.ts"

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

type Name = Pick<Entrant, "name" | "title">

const valuesOf = (rounds: ReadonlyArray<Rounds>, name: string) => rounds.find((one) => one.name === name)?.rounds

/** What one start tells besides the time that it took. */
interface StartRounds {
  readonly residentMiB: ReadonlyArray<Rounds>
  readonly proportionalMiB: ReadonlyArray<Rounds>
  /** From the kill to the next answer, in times of the start. */
  readonly restart: ReadonlyArray<Rounds>
}

const emptyRounds = (entrants: ReadonlyArray<Name>): StartRounds => {
  const list = (names: ReadonlyArray<Name>) => names.map(({ name, title }): Rounds => ({ name, title, rounds: [] }))
  return {
    residentMiB: list(entrants),
    proportionalMiB: list(entrants),
    restart: list(entrants.filter(({ name }) => restarting.has(name))),
  }
}

/** Starts it once, adds a value to each of its rounds, and returns the milliseconds to the first answer. */
const measureStart = async (name: string, host: Host, into: StartRounds): Promise<number> => {
  const millis = await host.millis({ do: "start" })
  await pause(settleMillis)
  const { memory } = await host.obey({ do: "memory" })
  valuesOf(into.residentMiB, name)?.push((memory?.residentKiB ?? Number.NaN) / 1024)
  valuesOf(into.proportionalMiB, name)?.push((memory?.proportionalKiB ?? Number.NaN) / 1024)
  if (restarting.has(name)) valuesOf(into.restart, name)?.push((await host.millis({ do: "killAndAsk" })) / millis)
  await host.obey({ do: "close" })
  return millis
}

const figuresOf = (
  starts: ReadonlyArray<Rounds>,
  { proportionalMiB, residentMiB, restart }: StartRounds,
): ReadonlyArray<Figure> => {
  const ownStart = { name: "start", title: "its own start", rounds: starts[0]?.rounds.map(() => 1) ?? [] }
  return [
    figureOf({ id: "start", title: "spawn to first answer", unit: "ms", ratio: "times" }, starts),
    figureOf(
      {
        id: "restart",
        title: "kill -9 when idle to the next answer, against its own start",
        unit: "times",
        ratio: "times",
      },
      [ownStart, ...restart],
    ),
    figureOf({ id: "memory", title: "resident memory when ready", unit: "MiB", ratio: "times" }, residentMiB),
    figureOf(
      { id: "proportional", title: "memory when ready, shared pages counted in part", unit: "MiB", ratio: "times" },
      proportionalMiB,
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
    for (const { host, name, title } of hosts) {
      say(`warming up the starts of ${title}`)
      for (let start = 0; start < warmUpStarts; start++) await measureStart(name, host, emptyRounds(entrants))
    }
    say("starts, kills and memory")
    const besides = emptyRounds(entrants)
    const starts = await takeRounds(hosts, rounds, ({ host, name }) => measureStart(name, host, besides))
    return figuresOf(starts, besides)
  } finally {
    await Promise.all(hosts.map(({ host }) => host.close()))
  }
}
