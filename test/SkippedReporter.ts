/** Ends a run with a line that names what the machine lacks, and how many tests were skipped because of it. */
import type { Reporter, TestModule, Vitest } from "vitest/node"

/** `missing` has one entry for each skipped test: what it lacks. Undefined if nothing is missing. */
export const describeMissing = (missing: ReadonlyArray<string>): string | undefined => {
  const counts = new Map<string, number>()
  for (const what of missing) counts.set(what, (counts.get(what) ?? 0) + 1)
  if (counts.size === 0) return undefined
  const parts = [...counts]
    .toSorted(([one, more], [other, less]) => less - more || one.localeCompare(other))
    .map(([what, count]) => `${what} (${count} ${count === 1 ? "test" : "tests"})`)
  return `Skipped for lack of ${parts.join(", ")}`
}

export class SkippedReporter implements Reporter {
  private vitest: Vitest | undefined

  onInit(vitest: Vitest): void {
    this.vitest = vitest
  }

  onTestRunEnd(modules: ReadonlyArray<TestModule>): void {
    const skipped = modules.flatMap((one) => [...one.children.allTests("skipped")])
    const line = describeMissing(skipped.flatMap((test) => test.meta().missing ?? []))
    if (line !== undefined) this.vitest?.logger.log(line)
  }
}
