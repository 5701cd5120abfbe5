/** A tracer that hands each span on when it ends. */
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import type { ReportedSpan } from "../protocol/TelemetryRecord.ts"
import { reportOf } from "./SpanReport.ts"

/** What a tracer does with its spans. */
export interface SpanTracerOptions {
  /** Gets each span that has ended. It must not throw. */
  readonly onEnd: (span: ReportedSpan) => void
  /** Whether spans of this name are reported. */
  readonly isReported: (name: string) => boolean
  /** Whether a span without a parent begins a trace of its own. */
  readonly beginsTraces: boolean
}

/**
 * A tracer of Effect that hands each span on when it ends, as plain data without
 * messages of errors. A host of an agent provides it as `Tracer.Tracer`, and
 * sends what it gets from it, and from `PluginSpans`, where it wants.
 */
export const makeSpanTracer = (options: SpanTracerOptions): Tracer.Tracer =>
  Tracer.make({ span: (of) => new RecordedSpan(of, options) })

type SpanOptions = ConstructorParameters<typeof Tracer.NativeSpan>[0]

class RecordedSpan extends Tracer.NativeSpan {
  readonly #isReported: boolean
  readonly #onEnd: SpanTracerOptions["onEnd"]

  constructor(of: SpanOptions, { beginsTraces, isReported, onEnd }: SpanTracerOptions) {
    super(Option.isSome(of.parent) || beginsTraces ? of : { ...of, sampled: false })
    this.#isReported = this.sampled && isReported(of.name)
    this.#onEnd = onEnd
  }

  /** One that is not reported goes by the id of its parent, so that what is done in it, also elsewhere, counts as done there. */
  override get spanId(): string {
    return this.#isReported || Option.isNone(this.parent) ? super.spanId : this.parent.value.spanId
  }

  override end(endTime: bigint, exit: Parameters<Tracer.Span["end"]>[1]): void {
    if (this.status._tag === "Ended") return
    super.end(endTime, exit)
    if (!this.#isReported) return
    const parent = Option.getOrUndefined(this.parent)
    this.#onEnd(reportOf(this, parentIdOf(parent), { start: this.startTime, end: endTime, exit }))
  }

  /** Whether a parent of this id is in the trace. */
  get isKnown(): boolean {
    return this.#isReported || (Option.isSome(this.parent) && parentIdOf(this.parent.value) !== undefined)
  }
}

/** The first span of a trace that is not reported is not there for others. */
const parentIdOf = (parent: Tracer.AnySpan | undefined): string | undefined =>
  parent instanceof RecordedSpan && !parent.isKnown ? undefined : parent?.spanId
