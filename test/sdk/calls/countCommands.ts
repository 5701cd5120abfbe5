/** How many calls the commands on one document make. */
import { assert } from "@effect/vitest"
import { Agent, PluginCoordinator } from "formae/agent"
import { inProcess } from "formae/plugin"
import { layerTestStore } from "formae/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { decodeForma } from "../../../src/agent/forma/Forma.ts"
import { plugin } from "../../../plugins/aws/src/plugin.ts"
import type { Emulator } from "../emulators/Emulator.ts"
import { mixedDocument } from "./mixedDocument.ts"
import { sdkCalls, type SdkCall } from "./SdkCalls.ts"

export const commands = ["apply", "plan, nothing to do", "one changed tag each", "destroy"] as const
export type CommandCalls = Readonly<Record<(typeof commands)[number], ReadonlyArray<SdkCall>>>

export const countCommands = Effect.fnUntraced(
  function* ({ endpoint }: Emulator): Effect.fn.Return<CommandCalls, unknown, Agent | Scope.Scope> {
    const agent = yield* Agent
    const { taken } = yield* sdkCalls
    const one = yield* decodeForma(mixedDocument(endpoint, "one"))
    const two = yield* decodeForma(mixedDocument(endpoint, "two"))
    const run = Effect.fnUntraced(function* (
      command: ReturnType<typeof agent.apply | typeof agent.plan | typeof agent.destroy>,
      operation: string,
    ) {
      const { resources } = yield* command
      const others = resources.filter((one) => one.error !== null || one.operation !== operation)
      assert.deepStrictEqual(
        others.map(({ error, label, operation }) => [label, operation, error]),
        [],
      )
      return yield* taken
    })
    return {
      apply: yield* run(agent.apply(one), "create"),
      "plan, nothing to do": yield* run(agent.plan(one), "noop"),
      "one changed tag each": yield* run(agent.apply(two), "update"),
      destroy: yield* run(agent.destroy({ name: "mixed" }), "delete"),
    }
  },
  Effect.provide(Layer.provide(Agent.layer, [PluginCoordinator.layerInProcess([inProcess(plugin)]), layerTestStore])),
  Effect.scoped,
)
