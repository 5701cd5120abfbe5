/** A plugin with a step before and after each call of its handlers. */
import * as Effect from "effect/Effect"
import type { ResourcePlugin } from "../plugin/ResourcePlugin.ts"
import { aroundCalls } from "./aroundCalls.ts"
import type { Steps } from "./Steps.ts"

/** The same plugin, with two steps at each call of its handlers: `Create web, before the provider` and `Create web, before the answer`. */
export const withSteps = <R>(
  plugin: ResourcePlugin<R>,
  { beforeAnswer, beforeProvider }: Pick<Steps, "beforeAnswer" | "beforeProvider">,
): ResourcePlugin<R> =>
  aroundCalls(plugin, ({ kind, label = "-" }, handle) =>
    beforeProvider(`${kind} ${label}, before the provider`).pipe(
      Effect.andThen(Effect.exit(handle)),
      Effect.tap(() => beforeAnswer(`${kind} ${label}, before the answer`)),
      Effect.flatten,
    ),
  )
