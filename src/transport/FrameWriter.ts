/**
 * Joins the frames of one tick into one write.
 *
 * A write at 16 frames or at the end of the microtask, whichever comes first:
 * one write a frame costs a system call each, and one write a turn makes the
 * two processes take turns, each idle while the other works.
 *
 * Writing never waits. What is queued is bounded by the calls in flight, and
 * those are bounded by the caller.
 */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { PlatformError } from "effect/PlatformError"
import * as Queue from "effect/Queue"
import type * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"

const framesPerWrite = 16

export interface FrameWriter {
  /** Queues one frame. False once the writer has ended. */
  readonly write: (frame: string) => boolean
  /** Writes what is queued, then ends the sink. */
  readonly end: Effect.Effect<void>
  /** Moves what is queued into the sink until the writer is ended, and all of it has been taken. */
  readonly drainInto: (
    sink: Sink.Sink<void, string | Uint8Array, never, PlatformError>,
  ) => Effect.Effect<void, PlatformError>
}

export const makeFrameWriter = (options: {
  /** Begins each write with a newline, so that a partial line that something else left can not eat a frame. */
  readonly freshLine: boolean
}): Effect.Effect<FrameWriter> =>
  Effect.map(Queue.unbounded<string, Cause.Done>(), (queue) => {
    const lead = options.freshLine ? "\n" : ""
    let frames: Array<string> = []
    let ended = false

    const flush = (): void => {
      if (frames.length === 0) return
      Queue.offerUnsafe(queue, `${lead}${frames.join("\n")}\n`)
      frames = []
    }

    return {
      write: (frame) => {
        if (ended) return false
        frames.push(frame)
        if (frames.length === 1) queueMicrotask(flush)
        else if (frames.length >= framesPerWrite) flush()
        return true
      },
      end: Effect.suspend(() => {
        flush()
        ended = true
        return Queue.end(queue)
      }),
      drainInto: (sink) => Stream.run(Stream.fromQueue(queue), sink),
    }
  })
