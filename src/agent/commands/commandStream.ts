/** A command as a stream of what happens, which ends with its result. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { ChangeEvent, ChangeObserver } from "../apply/ChangeEvent.ts"
import { CommandResult } from "./CommandResult.ts"

/** The last element of the stream of a command. */
export class CommandFinished extends Schema.Opaque<CommandFinished>()(
  Schema.TaggedStruct("CommandFinished", {
    /** What the command without a stream would have returned. */
    result: CommandResult,
  }),
) {}

/** Runs a command while its stream is read. If reading stops, the command is interrupted. */
export const commandStream = <E>(
  run: (observe: ChangeObserver) => Effect.Effect<CommandResult, E>,
): Stream.Stream<ChangeEvent | CommandFinished, E> =>
  Stream.callback<ChangeEvent | CommandFinished, E>(
    (queue: Queue.Queue<ChangeEvent | CommandFinished, E | Cause.Done>) =>
      run((event) => Effect.asVoid(Queue.offer(queue, event))).pipe(
        Effect.flatMap((result) => Queue.offer(queue, { _tag: "CommandFinished", result })),
        Effect.matchCauseEffect({
          onFailure: (cause) => Queue.failCause(queue, cause),
          onSuccess: () => Queue.end(queue),
        }),
      ),
  )
