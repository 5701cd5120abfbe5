/** The kit for a test that knows nothing of Effect: a promise of the report, on this process's own Node. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import type { ConformanceReport } from "./report/Report.ts"
import { testPlugin } from "./testPlugin.ts"
import type { TestPluginOptions } from "./TestPluginOptions.ts"

export const runConformance = (options: TestPluginOptions): Promise<ConformanceReport> =>
  Effect.runPromise(Effect.provide(testPlugin(options), NodeServices.layer))
