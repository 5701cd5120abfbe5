/** The agent that the environment names in the place of one on this machine. */
import * as Effect from "effect/Effect"
import { aboutAgent } from "../staying/aboutAgent.ts"
import { namedAgent } from "../staying/namedAgent.ts"
import { findingOf, ok } from "./Finding.ts"

/** Whether it answers. Nothing is said where none is named. */
export const lookElsewhere = Effect.gen(function* () {
  const named = yield* namedAgent
  if (named === undefined) return []
  const { version } = yield* aboutAgent(named)
  return [
    ok(
      `FORMAE_AGENT names the agent ${version} at ${named.url}, and it answers. Commands ask it; what else is said here is of this machine`,
    ),
  ]
}).pipe(Effect.catch((failure) => Effect.succeed([findingOf(failure)])))
