import * as Effect from "effect/Effect"
import { layerNodeServices } from "./nodeServices.ts"
import type { ConformanceReport } from "./report/Report.ts"
import { testPlugin } from "./testPlugin.ts"
import type { TestPluginOptions } from "./TestPluginOptions.ts"

/**
 * `testPlugin` for a test that does not use Effect. The promise is rejected with
 * `PluginUnusable` or `SamplesInvalid`; what is wrong with the plugin itself is in
 * the report.
 *
 * @example
 * ```ts
 * import { formatReport, runConformance } from "formae/testing"
 * import { expect, it } from "vitest"
 *
 * it("conforms to the protocol", { timeout: 120_000 }, async () => {
 *   const report = await runConformance({ directory: "." })
 *   expect(report.status, formatReport(report)).toBe("passed")
 * })
 * ```
 */
export const runConformance = (options: TestPluginOptions): Promise<ConformanceReport> =>
  Effect.runPromise(Effect.provide(testPlugin(options), layerNodeServices))
