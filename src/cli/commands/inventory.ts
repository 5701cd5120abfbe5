import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { Agent } from "../../agent/index.ts"
import { CommandEnded, failed } from "../CommandEnded.ts"
import { config, json, plugins, state } from "../flags.ts"
import { layerAgent } from "../host.ts"
import { printResult } from "../output.ts"

export const inventory = Command.make(
  "inventory",
  { json, state, plugins, config },
  Effect.fnUntraced(function* (flags) {
    const result = yield* Effect.flatMap(Agent, (agent) => agent.inventory).pipe(
      Effect.provide(layerAgent(flags)),
      Effect.mapError((error) => (error instanceof CommandEnded ? error : failed(error.message))),
    )
    yield* printResult(flags.json)(result)
  }),
).pipe(Command.withDescription("List the resources that exist, as they were last seen"))
