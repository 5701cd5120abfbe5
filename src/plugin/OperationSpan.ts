/** The span of an operation: from its request to its end, with the calls of the provider in it. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Tracer from "effect/Tracer"
import type { ResourceType } from "../protocol/Identity.ts"
import type { Operation } from "../protocol/Operation.ts"
import { isFinished, type Progress } from "../protocol/Progress.ts"
import { recordedSpan, type SpanFacts } from "../transport/Tracing.ts"

/** What the span of one call of the agent is made with. */
export const callSpanOf = (type: ResourceType): SpanFacts => ({
  kind: "server",
  attributes: { "formae.resource.type": type },
})

/** What the span of one call of the provider is made with. */
export const providerSpanOf = (type: ResourceType): SpanFacts => ({
  kind: "client",
  attributes: { "formae.resource.type": type },
})

/**
 * The driver, each step of which is part of one span, in whichever fiber. The
 * span ends with the operation, or when nobody waits for it any more. Outside of
 * a trace it is the driver itself.
 */
export const inOperationSpan =
  (operation: Operation) =>
  <Driver extends { readonly next: Effect.Effect<Progress> }>(driver: Driver): Effect.Effect<Driver> =>
    Effect.withFiber((fiber) => {
      if (recordedSpan(fiber) === undefined) return Effect.succeed(driver)
      const tracer = Context.getOrUndefined(fiber.context, Tracer.Tracer)
      return Effect.map(Effect.makeSpan(operation._tag, callSpanOf(operation.resourceType)), (span) => {
        const end = (exit: Exit.Exit<unknown, unknown>) =>
          Effect.clockWith((clock) => Effect.sync(() => span.end(clock.currentTimeNanosUnsafe(), exit)))
        const next = driver.next.pipe(
          Effect.onExit((exit) => {
            if (Exit.isFailure(exit)) return end(exit)
            return isFinished(exit.value) ? end(endOf(exit.value)) : Effect.void
          }),
          Effect.withParentSpan(span, { captureStackTrace: false }),
        )
        return { ...driver, next: tracer === undefined ? next : Effect.provideService(next, Tracer.Tracer, tracer) }
      })
    })

const endOf = (progress: Progress): Exit.Exit<void, unknown> =>
  progress.status === "Failed" ? Exit.fail(progress.failure) : Exit.void
