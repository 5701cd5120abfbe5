/**
 * What PluginOperator promises, however it is wired. `wiring` makes the operator
 * of the plugin in test/fixtures/plugins/suite.
 */
import { layer } from "@effect/vitest"
import type * as Layer from "effect/Layer"
import type { PluginOperator } from "../../src/protocol/PluginOperator.ts"
import { concurrencyTests } from "./suite/concurrencyTests.ts"
import { pollTests } from "./suite/pollTests.ts"
import { queryTests } from "./suite/queryTests.ts"
import { refusalTests } from "./suite/refusalTests.ts"
import { resourceTests } from "./suite/resourceTests.ts"
import { retryTests } from "./suite/retryTests.ts"

export const operatorSuite = (name: string, wiring: Layer.Layer<PluginOperator>): void => {
  // Real time, because the plugin may be in another process.
  layer(wiring, { excludeTestServices: true })(`PluginOperator ${name}`, (it) => {
    resourceTests(it)
    queryTests(it)
    pollTests(it)
    retryTests(it)
    refusalTests(it)
    concurrencyTests(it)
  })
}
