import type * as Effect from "effect/Effect"

/** Where an agent or a plugin may die. Each function is run at a step, with the name of the step. */
export interface Steps {
  /** A step of the agent. */
  readonly inAgent: (name: string) => Effect.Effect<void>
  /** A step of the plugin, before it asks the provider. */
  readonly beforeProvider: (name: string) => Effect.Effect<void>
  /** A step of the plugin, before its answer. */
  readonly beforeAnswer: (name: string) => Effect.Effect<void>
}
