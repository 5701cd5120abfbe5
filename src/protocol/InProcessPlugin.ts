/** A plugin that is linked into the agent: for tests, and for hosts that need no isolation. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Namespace } from "./Identity.ts"
import type { PluginOperator } from "./PluginOperator.ts"
import type { TypeCapabilities } from "./Resource.ts"

/**
 * A plugin that runs inside the agent's process. `inProcess` of `formae/plugin`
 * makes one. `operator` builds what the handlers need, and keeps it until its
 * scope closes.
 */
export interface InProcessPlugin {
  readonly name: string
  readonly namespace: Namespace
  readonly version: string
  readonly types: ReadonlyArray<TypeCapabilities>
  readonly operator: Effect.Effect<PluginOperator["Service"], never, Scope.Scope>
}
