/** How spans cross a connection, and where they are made. Outside of a trace that is recorded, none of it does anything. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { RequestEncoded } from "effect/rpc/RpcMessage"
import * as Tracer from "effect/Tracer"

/** The tracer of calls that name a trace. Undefined if what a caller says of traces is ignored. */
export const CallTracer: Context.Reference<Tracer.Tracer | undefined> = Context.Reference<Tracer.Tracer | undefined>(
  "formae/transport/Tracing/CallTracer",
  { defaultValue: () => undefined },
)

/** The span that a fiber runs in, if its trace is recorded. */
export const recordedSpan = ({
  context,
}: Pick<Fiber.Fiber<unknown, unknown>, "context">): Tracer.AnySpan | undefined => {
  const span = Context.getOrUndefined(context, Tracer.ParentSpan)
  return span?.sampled === true ? span : undefined
}

/** What a request says of the trace of its caller. */
export const traceFieldsOf = (
  caller: Fiber.Fiber<unknown, unknown>,
): Pick<RequestEncoded, "traceId" | "spanId" | "sampled"> => {
  const span = recordedSpan(caller)
  return span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId, sampled: true }
}

/** The context of a call whose request names a trace. */
export const inCallersTrace = (
  context: Context.Context<never>,
  tracer: Tracer.Tracer | undefined,
  { sampled, spanId, traceId }: RequestEncoded,
): Context.Context<never> => {
  if (tracer === undefined || sampled === false) return context
  // The other side may have written anything.
  if (typeof traceId !== "string" || !/^[0-9a-f]{32}$/.test(traceId)) return context
  if (typeof spanId !== "string" || !/^[0-9a-f]{16}$/.test(spanId)) return context
  const span = Tracer.externalSpan({ traceId, spanId })
  return Context.add(Context.add(context, Tracer.ParentSpan, span), Tracer.Tracer, tracer)
}

/** What a span is made with. */
export type SpanFacts = Pick<Tracer.SpanOptionsNoTrace, "attributes" | "kind">

/** Runs an effect in a span of this name, if it runs in a trace that is recorded. Attributes never hold a secret. */
export const inSpan =
  (name: string, facts?: SpanFacts) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.withFiber<A, E, R>((fiber) =>
      recordedSpan(fiber) === undefined
        ? effect
        : (Effect.withSpan(effect, name, { ...facts, captureStackTrace: false }) as Effect.Effect<A, E, R>),
    )
