/** A plugin's process after the handshake, and what tests ask of it. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshOperationId } from "../../operator/operations.ts"
import { converse, type Exit } from "./conversation.ts"
import { entryOf, type Foreign, hour, temporaryFolder } from "./Foreign.ts"

export const errorOf = ({ cause }: Exit) => cause?.[0]?.["error"]
export const interrupted: Exit = { _tag: "Failure", cause: [{ _tag: "Interrupt", fiberId: null }] }

/** A plugin after its handshake, and the payloads of operations on its types. */
export const greetPlugin = Effect.fnUntraced(function* (plugin: Foreign) {
  const folder = yield* temporaryFolder
  const talk = yield* converse(entryOf(plugin))
  assert.strictEqual((yield* talk.greet)._tag, "Success")
  const on = (type: string, more: object) => ({
    operationId: freshOperationId(),
    resourceType: type,
    label: "it",
    targetConfig: plugin.targetIn(folder),
    ...more,
  })
  return {
    ...talk,
    folder,
    now: (more: object) => on(plugin.now.type, more),
    later: (more: object) => on(plugin.later.type, { properties: plugin.later.properties, ...more }),
    never: (more: object) =>
      on(plugin.later.type, {
        targetConfig: { ...plugin.targetIn(folder), settleMillis: hour },
        properties: plugin.later.properties,
        ...more,
      }),
  }
})
