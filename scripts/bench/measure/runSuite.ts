/** All of the bench, or the part of it that is wanted. */
import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { cpus, tmpdir } from "node:os"
import { join } from "node:path"
import { measureCalls } from "./measureCalls.ts"
import { bare, callers, type Entrant, floor, starters } from "../contestants/Entrant.ts"
import { makeCrowd } from "../programs/makeCrowd.ts"
import { bundlePlugins, compilePrograms, installPeers } from "../programs/compilePrograms.ts"
import { apply, crowd } from "../programs/runProgram.ts"
import type { Applied, Figure, ManyPlugins, Results } from "../report/Results.ts"
import { measureStarts } from "./measureStarts.ts"

const groups: ReadonlyArray<string> = ["calls", "starts", "apply", "crowd"]

/** What `--only` may name. */
export const names: ReadonlyArray<string> = [
  ...new Set([...groups, ...callers.map(({ name }) => name), ...starters.map(({ name }) => name)]),
]

export interface SuiteOptions {
  readonly quick: boolean
  /** One of the groups of figures, or one entrant, which is measured beside the floor. */
  readonly only: string | undefined
  readonly say: (progress: string) => void
}

const forms = {
  full: {
    calls: { warmUp: 20_000, rounds: 11, oneAfterAnother: 2_000, inFlight: 6_400, large: 10 },
    starts: 11,
    apply: [2_500, 5_000, 10_000],
    crowd: { plugins: 50, inFlight: 20, each: 50 },
  },
  quick: {
    calls: { warmUp: 500, rounds: 3, oneAfterAnother: 300, inFlight: 640, large: 2 },
    starts: 2,
    apply: [50, 100],
    crowd: { plugins: 4, inFlight: 20, each: 10 },
  },
} as const

export const runSuite = async ({ only, quick, say }: SuiteOptions): Promise<Results> => {
  const form = quick ? forms.quick : forms.full
  const wants = (group: string) => only === undefined || only === group
  const chosen = (entrants: ReadonlyArray<Entrant>, group: string, least: Entrant) =>
    entrants.filter(({ name }) => wants(group) || name === least.name || name === only)
  const called = chosen(callers, "calls", floor)
  const started = chosen(starters, "starts", bare)
  const isCalled = wants("calls") || callers.some(({ name }) => name === only)
  const isStarted = wants("starts") || starters.some(({ name }) => name === only)
  const needsPeers = [...called, ...started].some(({ peer }) => peer === true)
  const hasPeers = needsPeers && (await installPeers())
  if (needsPeers && !hasPeers) say("the peers are left out: they are not installed, and no npm registry answers")
  const present = (entrants: ReadonlyArray<Entrant>) => entrants.filter(({ peer }) => hasPeers || peer !== true)

  const folder = await mkdtemp(join(tmpdir(), "formae-bench-"))
  const plugins = join(folder, "plugins")
  const figures: Array<Figure> = []
  const applied: Array<Applied> = []
  let manyPlugins: ManyPlugins | undefined
  try {
    await compilePrograms(hasPeers)
    if (only !== floor.name && only !== bare.name) {
      say("bundling the plugins")
      await bundlePlugins(plugins)
    }
    if (isCalled) figures.push(...(await measureCalls(present(called), form.calls, plugins, say)))
    if (isStarted) {
      if (only !== floor.name && only !== bare.name) await apply(plugins, plugins, 1)
      figures.push(...(await measureStarts(present(started), form.starts, plugins, say)))
    }
    if (wants("apply")) {
      for (const resources of form.apply) {
        say(`applying ${resources} resources`)
        const own = join(folder, `apply-${resources}`)
        await mkdir(own)
        applied.push(await apply(plugins, own, resources))
      }
    }
    if (wants("crowd")) {
      say(`${form.crowd.plugins} plugins at once`)
      await makeCrowd(join(plugins, "bench"), join(folder, "crowd"), form.crowd.plugins)
      manyPlugins = await crowd(join(folder, "crowd"), form.crowd)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return {
    node: process.version,
    processor: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`,
    form: quick ? "quick" : "full",
    figures,
    applied,
    manyPlugins,
  }
}
