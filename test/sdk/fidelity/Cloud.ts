/** An emulator with its version, the plugin that is tried on it, and the official SDK to look at it and change it. */
import type { InProcessPlugin, Properties, TargetConfig, TypeCapabilities } from "formae/protocol"
import type { ProviderError } from "formae/plugin"
import type * as Effect from "effect/Effect"
import type { Subject } from "./Subject.ts"

export interface Cloud<Sdk> {
  /** The name of the emulator. */
  readonly name: string
  readonly version: string
  readonly namespace: string
  readonly plugin: InProcessPlugin
  readonly config: TargetConfig
  readonly sdk: Sdk
  readonly subjects: ReadonlyArray<Subject<Sdk>>
  readonly capabilitiesOf: (type: string) => TypeCapabilities
  readonly read: (type: string, nativeId: string) => Effect.Effect<Properties, ProviderError>
}
