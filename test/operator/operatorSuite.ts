/**
 * What PluginOperator promises, however it is wired. `wiring` makes the operator
 * of the plugin in test/fixtures/plugins/suite. Time is real if the plugin is in
 * a process of its own.
 */
import { layer } from "@effect/vitest"
import type * as Layer from "effect/Layer"
import type { PluginOperator } from "../../src/protocol/PluginOperator.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { concurrencyTests } from "./suite/concurrencyTests.ts"
import { pollTests } from "./suite/pollTests.ts"
import { queryTests } from "./suite/queryTests.ts"
import { refusalTests } from "./suite/refusalTests.ts"
import { resourceTests } from "./suite/resourceTests.ts"
import { retryTests } from "./suite/retryTests.ts"
import type { SuiteTest } from "./suite/SuiteTest.ts"

export const operatorSuite = (name: string, wiring: Layer.Layer<PluginOperator>, time: "real" | "test"): void => {
  layer(wiring, { excludeTestServices: time === "real" })(`PluginOperator ${name}`, ({ effect }) => {
    // Steps so small that no call reaches its time limit.
    const it: SuiteTest = (title, test) =>
      effect(title, time === "real" ? test : () => withPassingTime(test(), "10 millis"))
    resourceTests(it)
    queryTests(it)
    pollTests(it)
    retryTests(it)
    refusalTests(it)
    concurrencyTests(it)
  })
}
