import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { Agent, Store } from "../../agent/index.ts"
import { badInput, CommandEnded, failed } from "../CommandFailure.ts"
import { config, json, plugins, state } from "../SharedFlags.ts"
import { layerAgent } from "../layerAgent.ts"
import { orRefusal, printResult } from "../printResult.ts"

export const inventory = Command.make("inventory", { json, state, plugins, config }, (flags) =>
  Effect.gen(function* () {
    const result = yield* Effect.flatMap(Agent, (agent) => agent.inventory).pipe(
      Effect.provide(layerAgent(flags, Store.layerFileToRead)),
      Effect.mapError((error) => {
        if (error instanceof CommandEnded) return error
        return error._tag === "StoreUnavailable" ? badInput(error._tag, error.message) : failed(error)
      }),
    )
    yield* printResult(flags.json)(result)
  }).pipe(orRefusal(flags.json, "inventory")),
).pipe(Command.withDescription("List the resources that exist, as they were last seen"))
