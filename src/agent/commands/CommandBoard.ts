/** The commands of this agent from the moment they are asked for: which of them wait, and for what. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { ChangeEvents } from "../apply/ChangeEvents.ts"
import { StopRequests } from "../operations/StopRequests.ts"
import { commandsNow, watchGauge } from "../metrics/Metrics.ts"
import { CurrentAsked } from "../records/Asked.ts"
import type { AroundWait, Claimant, ClaimOptions } from "../records/Claimed.ts"
import { makeCancelRecord } from "./cancelRecord.ts"
import type { CommandName } from "./CommandResult.ts"
import type { CommandOptions } from "./CommandOptions.ts"

/** A command that has not ended. */
export interface BoardEntry extends Claimant {
  readonly command: CommandName
  /** What it does now: it waits for another command, it has asked whether it may go on, or it runs. */
  readonly phase: "waiting" | "asking" | "running"
  /** Whom it waits for. */
  readonly waitsFor: Claimant | undefined
  /** Since when it is here, in milliseconds since 1970. */
  readonly since: number
  readonly askedBy: string
}

/** The options of a command on the board. It has an id, and says that it waits. */
export type OnBoard<O> = O & ClaimOptions & { readonly commandId: string }

export class CommandBoard extends Context.Service<
  CommandBoard,
  {
    /**
     * Puts a command on the board until the scope closes. From now on it is
     * observed, and can be asked to stop by its id.
     */
    readonly enter: <O extends CommandOptions>(
      command: Pick<BoardEntry, "command" | "forma">,
      options: O,
    ) => Effect.Effect<OnBoard<O>, never, Scope.Scope>
    /** Those that have not ended, in the order in which they were asked for. */
    readonly entries: Effect.Effect<ReadonlyArray<BoardEntry>>
  }
>()("formae/agent/commands/CommandBoard") {
  static readonly layerNoDeps = Layer.effect(
    CommandBoard,
    Effect.gen(function* () {
      const events = yield* ChangeEvents
      const random = yield* SecureRandom.SecureRandom
      const stops = yield* StopRequests
      const recordCancel = yield* makeCancelRecord
      const board = new Map<string, BoardEntry>()
      for (const phase of ["waiting", "asking", "running"] as const) {
        const count = () => [...board.values()].filter((entry) => entry.phase === phase).length
        yield* watchGauge(commandsNow, { "formae.command.phase": phase }, count)
      }

      /** Runs something while a command is in another phase. */
      const during = <A, E, R>(
        commandId: string,
        phase: Pick<BoardEntry, "phase" | "waitsFor">,
        effect: Effect.Effect<A, E, R>,
      ): Effect.Effect<A, E, R> => {
        const set = (change: Pick<BoardEntry, "phase" | "waitsFor">) =>
          Effect.sync(() => {
            const entry = board.get(commandId)
            if (entry !== undefined) board.set(commandId, { ...entry, ...change })
          })
        return Effect.ensuring(Effect.andThen(set(phase), effect), set({ phase: "running", waitsFor: undefined }))
      }

      const enter = Effect.fnUntraced(function* <O extends CommandOptions>(
        { command, forma }: Pick<BoardEntry, "command" | "forma">,
        options: O,
      ) {
        const commandId = options.commandId ?? (yield* random.uuidV7())
        const { by: askedBy } = yield* CurrentAsked
        const since = yield* Clock.currentTimeMillis
        const claimant: Claimant = { commandId, command, forma }
        const entry: BoardEntry = { ...claimant, command, phase: "running", waitsFor: undefined, since, askedBy }
        yield* Effect.acquireRelease(
          Effect.sync(() => void board.set(commandId, entry)),
          () => Effect.sync(() => void board.delete(commandId)),
        )
        yield* stops.register(commandId, { onCancel: recordCancel(commandId) })
        const { confirm, observe, stopWhen } = options
        // At once where it has completed already: then no step begins.
        if (stopWhen !== undefined) {
          yield* Effect.forkScoped(Effect.andThen(stopWhen, stops.request(commandId)), { startImmediately: true })
        }
        if (observe !== undefined) yield* events.addObserver(commandId, observe)
        const aroundWait: AroundWait = (waitsFor, wait) =>
          during(
            commandId,
            { phase: "waiting", waitsFor },
            Effect.andThen(events.publish({ _tag: "Waiting", commandId, forma, waitsFor: waitsFor ?? null }), wait),
          )
        return {
          ...options,
          commandId,
          claimant,
          aroundWait,
          stopWhen: stops.awaitRequest(commandId),
          ...(confirm === undefined
            ? {}
            : {
                confirm: (request: Parameters<typeof confirm>[0]) =>
                  during(commandId, { phase: "asking", waitsFor: undefined }, confirm(request)),
              }),
        }
      })

      return CommandBoard.of({ enter, entries: Effect.sync(() => [...board.values()]) })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}
