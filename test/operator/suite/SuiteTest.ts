import type * as Effect from "effect/Effect"
import type { PluginOperator } from "../../../src/protocol/PluginOperator.ts"

/** Declares one test of the suite. */
export type SuiteTest = <E>(title: string, test: () => Effect.Effect<void, E, PluginOperator>) => void
