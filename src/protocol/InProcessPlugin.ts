/** A plugin that is linked into the agent: for tests, and for hosts that need no isolation. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Features } from "./Features.ts"
import type { HandshakeRefused, HandshakeRequest } from "./Handshake.ts"
import type { Namespace } from "./Identity.ts"
import type { PluginOperatorShape } from "./PluginOperator.ts"
import type { TypeCapabilities } from "./Resource.ts"
import type { OperatorSettings } from "./Settings.ts"

/** A launch of a plugin in the agent's process. */
export interface InProcessLaunch {
  /** Runs operations. */
  readonly operator: PluginOperatorShape
  /** Changes how later operations run. Operations under way keep their settings. */
  readonly configure: (settings: OperatorSettings) => Effect.Effect<void>
}

/** A plugin that runs inside the agent's process. `inProcess` of `formae/plugin` makes one. */
export interface InProcessPlugin {
  /** The name of the plugin. */
  readonly name: string
  /** The namespace that it serves. */
  readonly namespace: Namespace
  /** A semantic version. */
  readonly version: string
  /** The resource types that it serves. */
  readonly types: ReadonlyArray<TypeCapabilities>
  /** What it knows beyond version 1 of the protocol. */
  readonly features?: Features
  /**
   * Builds what the handlers need, and keeps it until the scope closes. The
   * request is the part of a handshake that means something without a process.
   * Fails with `HandshakeRefused` if the plugin does not accept its own settings
   * (`config`), or cannot start.
   */
  readonly launch: (
    request: Pick<HandshakeRequest, "settings" | "config">,
  ) => Effect.Effect<InProcessLaunch, HandshakeRefused, Scope.Scope>
}
