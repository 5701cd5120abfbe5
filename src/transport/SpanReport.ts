/** A span that has ended, as it is reported. Of an error only its name is, because a message may quote a secret. */
import * as Cause from "effect/Cause"
import type * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Tracer from "effect/Tracer"
import { maxSpanText, type ReportedSpan } from "../protocol/TelemetryRecord.ts"

type EndedSpan = Pick<Tracer.Span, "attributes" | "kind" | "name" | "spanId" | "traceId">

/** When a span ran, and how it ended. */
export interface SpanEnd {
  readonly start: bigint
  readonly end: bigint
  readonly exit: Exit.Exit<unknown, unknown>
}

/** The span, below the one with this id. Attributes that are no short facts are left out. */
export const reportOf = (
  span: EndedSpan,
  parentSpanId: string | undefined,
  { end, exit, start }: SpanEnd,
): ReportedSpan => {
  const error = errorNameOf(exit)
  const attributes = factsOf(span.attributes)
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: span.name.slice(0, maxSpanText),
    kind: span.kind === "server" || span.kind === "client" ? span.kind : "internal",
    start: String(start),
    end: String(end),
    ...(error === undefined ? {} : { error }),
    ...(attributes.length === 0 ? {} : { attributes: Object.fromEntries(attributes) }),
  }
}

type Fact = string | number | boolean

const factsOf = (attributes: ReadonlyMap<string, unknown>): ReadonlyArray<readonly [string, Fact]> =>
  [...attributes].slice(0, 32).flatMap(([name, value]): ReadonlyArray<readonly [string, Fact]> => {
    if (Predicate.isString(value)) return [[name, value.slice(0, maxSpanText)]]
    return Predicate.isBoolean(value) || (Predicate.isNumber(value) && Number.isFinite(value)) ? [[name, value]] : []
  })

/** What looks like a name, and not like a message. */
const name = /^[A-Za-z_][\w.:/-]{0,63}$/

/** The name of an error: its code, or else its tag or its class. Undefined where there is none. */
export const errorNameOf = (exit: Exit.Exit<unknown, unknown>): string | undefined => {
  if (exit._tag === "Success") return undefined
  if (Cause.hasInterruptsOnly(exit.cause)) return "Interrupted"
  const error: unknown = Option.getOrUndefined(Cause.findErrorOption(exit.cause)) ?? Cause.squash(exit.cause)
  if (!Predicate.isObject(error)) return "Error"
  const { _tag, code, name: className } = error as Readonly<Record<string, unknown>>
  return (
    ([code, _tag, className].find((part) => Predicate.isString(part) && name.test(part)) as string | undefined) ??
    "Error"
  )
}
