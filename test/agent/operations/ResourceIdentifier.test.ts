import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Tracer from "effect/Tracer"
import { ResourceIdentifier } from "../../../src/agent/operations/ResourceIdentifier.ts"
import { TargetConfigs } from "../../../src/agent/secrets/TargetConfigs.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { thing } from "../plan/capabilities.ts"

describe("the place of a target", () => {
  it.effect(
    "is asked by a fiber that does not hold the span of its caller, which holds what the caller returns",
    () => {
      const spans: Array<Tracer.AnySpan | undefined> = []
      const coordinator = Layer.mock(PluginCoordinator)({
        capabilities: () => Effect.succeed(new Map([[thing.type, thing]])),
        operator: () =>
          Effect.flatMap(Effect.serviceOption(Tracer.ParentSpan), (span) => {
            spans.push(span._tag === "Some" ? span.value : undefined)
            return Effect.die("not served")
          }),
      })
      const layer = ResourceIdentifier.layerNoDeps.pipe(
        Layer.provide(TargetConfigs.layerNoDeps),
        Layer.provide([coordinator, Store.layerMemory]),
      )
      return ResourceIdentifier.use(({ placeOf }) => Effect.exit(placeOf(thing.type, {}))).pipe(
        Effect.withSpan("plan"),
        Effect.andThen(Effect.sync(() => assert.deepEqual(spans, [undefined]))),
        Effect.provide(layer),
      )
    },
  )
})
