/** Runs all of the bench, or a part of it. */
import { mkdtemp, rm } from "node:fs/promises"
import { cpus, tmpdir } from "node:os"
import { join } from "node:path"
import { installPeers } from "../peers/installPeers.ts"
import { bundlePlugins } from "../programs/bundlePlugins.ts"
import { compilePrograms } from "../programs/compilePrograms.ts"
import type { Figure } from "../report/Figure.ts"
import type { CrowdResult, Results } from "../report/Results.ts"
import { type Form, forms } from "./Form.ts"
import { measureApply, measureScale } from "./measureApply.ts"
import { measureCalls } from "./measureCalls.ts"
import { measureCommand } from "./measureCommand.ts"
import { measureCrowd } from "./measureCrowd.ts"
import { measurePostgresPasses } from "./measurePasses.ts"
import { measureStarts } from "./measureStarts.ts"
import { needsPeers, needsPlugins, select, type Selection, withoutPeers } from "./Selection.ts"

export interface SuiteOptions {
  readonly quick: boolean
  /** One of the `choices`, or undefined for all. */
  readonly only: string | undefined
  readonly say: (progress: string) => void
}

interface Suite {
  readonly selection: Selection
  readonly form: Form
  /** For whatever is made on the way. */
  readonly folder: string
  /** The folder of the plugins in bundles. */
  readonly plugins: string
  readonly say: (progress: string) => void
}

const prepare = async ({ plugins, say, selection }: Suite): Promise<void> => {
  await compilePrograms(needsPeers(selection))
  if (!needsPlugins(selection)) return
  say("bundling the plugins")
  await bundlePlugins(plugins)
}

const measureFigures = async ({ folder, form, plugins, say, selection }: Suite): Promise<ReadonlyArray<Figure>> => {
  const { callers, starters } = selection
  const calls = callers.length === 0 ? [] : await measureCalls(callers, form.calls, plugins, say)
  // Makes the bucket that the FakeAWS contestant reads.
  if (starters.some(({ name }) => name === "fake-aws")) await measureApply(plugins, plugins, 1)
  const starts = starters.length === 0 ? [] : await measureStarts(starters, form.starts, plugins, say)
  const command = selection.command ? [await measureCommand(join(folder, "command"), form.command, say)] : []
  return [...calls, ...starts, ...command]
}

/** One run after another, each in a folder of its own. */
const measureSizes = async <A>(
  { folder, plugins, say }: Suite,
  what: string,
  sizes: ReadonlyArray<number>,
  measure: (plugins: string, folder: string, resources: number) => Promise<A>,
): Promise<ReadonlyArray<A>> => {
  const results: Array<A> = []
  for (const resources of sizes) {
    say(`${what} ${resources} resources`)
    results.push(await measure(plugins, await mkdtemp(join(folder, "size-")), resources))
  }
  return results
}

const measureManyPlugins = async ({
  folder,
  form: { crowd },
  plugins,
  say,
  selection,
}: Suite): Promise<CrowdResult | undefined> => {
  if (!selection.crowd) return undefined
  say(`${crowd.plugins} plugins at once`)
  return measureCrowd(join(plugins, "bench"), join(folder, "crowd"), crowd)
}

const available = async (selection: Selection, say: SuiteOptions["say"]): Promise<Selection> => {
  if (!needsPeers(selection) || (await installPeers())) return selection
  say("the peers are left out: they are not installed, and npm cannot install them")
  return withoutPeers(selection)
}

export const runSuite = async ({ only, quick, say }: SuiteOptions): Promise<Results> => {
  const form = quick ? forms.quick : forms.full
  const selection = await available(select(only), say)
  const folder = await mkdtemp(join(tmpdir(), "formae-bench-"))
  const suite: Suite = { selection, form, folder, plugins: join(folder, "plugins"), say }
  try {
    await prepare(suite)
    const scale = await measureSizes(suite, "at scale:", selection.scale ? form.scale : [], measureScale)
    const onPostgres = selection.scale ? form.postgres : []
    return {
      node: process.version,
      processor: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`,
      form: quick ? "quick" : "full",
      figures: await measureFigures(suite),
      apply: await measureSizes(suite, "applying", selection.apply ? form.apply : [], measureApply),
      scale: scale.map((one) => one.scale),
      filePasses: scale.flatMap(({ passes }) => passes),
      postgresPasses: (await measureSizes(suite, "over Postgres:", onPostgres, measurePostgresPasses)).flat(),
      crowd: await measureManyPlugins(suite),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
