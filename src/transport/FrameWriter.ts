/**
 * Joins the frames of one tick into one write.
 *
 * It writes after 16 frames or at the end of the microtask, whichever comes
 * first. One write per frame would cost a system call each; one write per turn
 * of the event loop would make the two processes wait for each other.
 *
 * Writing never waits. The queue is bounded by the number of calls in flight,
 * which the caller bounds.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { type PlatformError, systemError } from "effect/PlatformError"
import type * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"

const framesPerWrite = 16

/** A queue of frames on their way to a stream. */
export interface FrameWriter {
  /** Queues one frame. False once the writer has ended. */
  readonly write: (frame: string) => boolean
  /** Writes everything that is queued, then ends the sink. */
  readonly end: Effect.Effect<void>
  /** Moves frames into the sink. Completes once the writer has ended and the sink has taken everything. */
  readonly drainInto: (
    sink: Sink.Sink<void, string | Uint8Array, never, PlatformError>,
  ) => Effect.Effect<void, PlatformError>
  /** The same by a function, which takes less time than a sink. It keeps what it cannot write yet. */
  readonly drainBy: (write: Write) => Effect.Effect<void, PlatformError>
}

/** Writes a text after those that it was given before, and says when it is written or why it cannot be. */
export type Write = (text: string, done: (error?: Error | null) => void) => void

type Pulled = Effect.Effect<readonly [string, ...Array<string>], Cause.Done>

const onWriteError = (cause: Error) => systemError({ module: "Stdio", method: "stdout", _tag: "Unknown", cause })

/** Makes a writer. Its frames go to the sink that `drainInto` is given, or the function that `drainBy` is given. */
export const makeFrameWriter = (options: {
  /** Whether each write begins with a newline, so that half a line that something else wrote cannot spoil a frame. */
  readonly freshLine: boolean
}): Effect.Effect<FrameWriter> =>
  Effect.sync(() => {
    const lead = options.freshLine ? "\n" : ""
    let frames: Array<string> = []
    let writes: Array<string> = []
    let ended = false
    /** Resumes the sink while it waits for frames, without delay: a queue would wake it one turn of the event loop later. */
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

    /** Where writes go at once, and what it waits for, if there is a function to write by. */
    let direct: ((text: string) => void) | undefined
    let completeIfWritten = (): void => {}

    const flush = (): void => {
      if (frames.length === 0) return
      const text = `${lead}${frames.join("\n")}\n`
      frames = []
      if (direct !== undefined) return direct(text)
      writes.push(text)
      wake()
    }

    const pull: Pulled = Effect.suspend(
      () =>
        next() ??
        Effect.callback<readonly [string, ...Array<string>], Cause.Done>((waiting) => {
          resume = waiting
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
        completeIfWritten()
      }),
      drainBy: (write) =>
        Effect.callback<void, PlatformError>((resume) => {
          let unwritten = 0
          completeIfWritten = () => {
            if (ended && unwritten === 0) resume(Effect.void)
          }
          direct = (text) => {
            unwritten += 1
            write(text, (error) => {
              unwritten -= 1
              if (error) resume(Effect.fail(onWriteError(error)))
              else completeIfWritten()
            })
          }
          const queued = writes
          writes = []
          for (const text of queued) direct(text)
          completeIfWritten()
        }),
      drainInto: (sink) => Stream.run(Stream.fromPull(Effect.succeed(pull)), sink),
    }
  })
