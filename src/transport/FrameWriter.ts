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
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { PlatformError } from "effect/PlatformError"
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

type Pulled = Effect.Effect<readonly [string, ...Array<string>], Cause.Done>

export const makeFrameWriter = (options: {
  /** Begins each write with a newline, so that a partial line that something else left can not eat a frame. */
  readonly freshLine: boolean
}): Effect.Effect<FrameWriter> =>
  Effect.sync(() => {
    const lead = options.freshLine ? "\n" : ""
    let frames: Array<string> = []
    let writes: Array<string> = []
    let ended = false
    /** Given by a sink that waits. It is resumed at once, where a queue would wake it a turn of the event loop later. */
    let resume: ((pulled: Pulled) => void) | undefined

    const next = (): Pulled | undefined => {
      const [first, ...rest] = writes
      if (first === undefined) return ended ? Cause.done() : undefined
      writes = []
      return Effect.succeed([first, ...rest])
    }

    const wake = (): void => {
      const waiting = resume
      const pulled = waiting && next()
      if (waiting === undefined || pulled === undefined) return
      resume = undefined
      waiting(pulled)
    }

    const flush = (): void => {
      if (frames.length === 0) return
      writes.push(`${lead}${frames.join("\n")}\n`)
      frames = []
      wake()
    }

    const pull: Pulled = Effect.suspend(
      () =>
        next() ??
        Effect.callback<readonly [string, ...Array<string>], Cause.Done>((given) => {
          resume = given
        }),
    )

    return {
      write: (frame) => {
        if (ended) return false
        frames.push(frame)
        if (frames.length === 1) queueMicrotask(flush)
        else if (frames.length >= framesPerWrite) flush()
        return true
      },
      end: Effect.sync(() => {
        flush()
        ended = true
        wake()
      }),
      drainInto: (sink) => Stream.run(Stream.fromPull(Effect.succeed(pull)), sink),
    }
  })
