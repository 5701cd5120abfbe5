/** What one launch remembers: its settings, after the handshake, and the operations that have not ended. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { begin, type Operation, step } from "./operation.ts"
import { type Progress, ProtocolError, type Settings } from "./protocol.ts"

export const levels = ["Debug", "Info", "Warn", "Error"] as const
export type Level = (typeof levels)[number]

/** An operation that has reported this progress and waits for its Watch. */
interface Waiting {
  readonly progress: Progress
  readonly rest: Operation
}

/** An operation without the settings that it is to begin with. */
type Begun = Omit<Parameters<typeof begin>[0], "settings">

export const makeSession = () => {
  let current: Settings | undefined
  /** By operation id. One that is being answered or watched is undefined. */
  const underWay = new Map<string, Waiting | undefined>()

  const settings = Effect.suspend(() =>
    current === undefined
      ? Effect.fail(new ProtocolError({ message: "The first call must be the Handshake" }))
      : Effect.succeed(current),
  )
  const beginNow = (operation: Begun) => Effect.map(settings, (settings) => begin({ ...operation, settings }))

  /** The first progress of an operation. Its rest is for Watch. */
  const start = (operation: Begun) =>
    Effect.gen(function* () {
      const { operationId } = operation.subject
      const waiting = underWay.get(operationId)
      if (waiting !== undefined) return waiting.progress
      if (underWay.has(operationId)) {
        return yield* new ProtocolError({ message: `The operation ${operationId} is under way already` })
      }
      underWay.set(operationId, undefined)
      return yield* Effect.flatMap(beginNow(operation), step).pipe(
        Effect.map(([progress, rest]) => {
          if (Option.isSome(rest)) underWay.set(operationId, { progress, rest: rest.value })
          return progress
        }),
        Effect.ensuring(
          Effect.sync(() => {
            if (underWay.get(operationId) === undefined) underWay.delete(operationId)
          }),
        ),
      )
    })

  /** The rest of the progress of an operation, up to its end. */
  const watch = (operationId: string) =>
    Stream.unwrap(
      Effect.gen(function* () {
        yield* settings
        const waiting = underWay.get(operationId)
        if (waiting === undefined) {
          return yield* new ProtocolError({ message: "There is no such operation to watch" })
        }
        underWay.set(operationId, undefined)
        return Stream.ensuring(
          Stream.paginateEffect(waiting.rest, step),
          Effect.sync(() => underWay.delete(operationId)),
        )
      }),
    )

  return {
    configure: (wanted: Settings) => {
      current = wanted
    },
    hasHandshake: () => current !== undefined,
    logs: (level: Level) => levels.indexOf(level) >= levels.indexOf(current?.logLevel ?? "Info"),
    settings,
    begin: beginNow,
    start,
    watch,
  }
}
export type Session = ReturnType<typeof makeSession>
