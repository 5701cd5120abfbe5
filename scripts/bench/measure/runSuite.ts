/** Runs all of the bench, or a part of it. */
import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { cpus, tmpdir } from "node:os"
import { join } from "node:path"
import { installPeers } from "../peers/installPeers.ts"
import { bundlePlugins } from "../programs/bundlePlugins.ts"
import { compilePrograms } from "../programs/compilePrograms.ts"
import type { Figure } from "../report/Figure.ts"
import type { ApplyResult, CrowdResult, Results } from "../report/Results.ts"
import { type Form, forms } from "./Form.ts"
import { measureApply } from "./measureApply.ts"
import { measureCalls } from "./measureCalls.ts"
import { measureCrowd } from "./measureCrowd.ts"
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

const measureFigures = async ({ form, plugins, say, selection }: Suite): Promise<ReadonlyArray<Figure>> => {
  const { callers, starters } = selection
  const calls = callers.length === 0 ? [] : await measureCalls(callers, form.calls, plugins, say)
  // Makes the bucket that the FakeAWS contestant reads.
  if (starters.some(({ name }) => name === "fake-aws")) await measureApply(plugins, plugins, 1)
  const starts = starters.length === 0 ? [] : await measureStarts(starters, form.starts, plugins, say)
  return [...calls, ...starts]
}

const measureApplies = async ({
  folder,
  form,
  plugins,
  say,
  selection,
}: Suite): Promise<ReadonlyArray<ApplyResult>> => {
  const results: Array<ApplyResult> = []
  for (const resources of selection.apply ? form.apply : []) {
    say(`applying ${resources} resources`)
    const own = join(folder, `apply-${resources}`)
    await mkdir(own)
    results.push(await measureApply(plugins, own, resources))
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
    return {
      node: process.version,
      processor: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`,
      form: quick ? "quick" : "full",
      figures: await measureFigures(suite),
      apply: await measureApplies(suite),
      crowd: await measureManyPlugins(suite),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
