/** Which commands of one agent may run side by side: those whose claims do not overlap. The others take turns. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { SqlError } from "effect/sql/SqlError"
import { AgentProcesses } from "../store/AgentProcesses.ts"
import { blockerOf, type ClaimQueue, type ClaimSet, emptyQueue, enter, leave } from "./ClaimQueue.ts"
import type { Claimant, Claimed, ClaimedResources, ClaimOptions, WaitingClaimant } from "./Claimed.ts"
import { claimInSteps } from "./claimInSteps.ts"
import type { StateError } from "./StateError.ts"
import { StateInUse } from "./StateInUse.ts"

/**
 * Lets commands take turns: those of one agent, where `StateOwnership` keeps the
 * others away, or those of all agents that share a state. A command that has to wait gets its turn after those that
 * came before it, and before those that come after. No two wait for each other:
 * each claims its documents first, all at once, and then its resources, all at
 * once.
 */
export class Claims extends Context.Service<
  Claims,
  {
    /**
     * Claims documents, and resources as far as they are known, until the scope
     * closes. Fails with `StateInUse` where it must not wait. Where the claims are
     * rows, it fails with the other errors of `StateError` too.
     */
    readonly claim: (set: Partial<ClaimSet>, options?: ClaimOptions) => Effect.Effect<Claimed, StateError, Scope.Scope>
    /** The documents that are claimed now. */
    readonly documents: Effect.Effect<ReadonlySet<string> | "all", SqlError>
    /** Whether a resource that exists is claimed now. */
    readonly isClaimed: (identity: string) => Effect.Effect<boolean, SqlError>
    /** The commands of other agents that wait for their turn. None where no other one shares the state. */
    readonly waitingElsewhere: Effect.Effect<ReadonlyArray<WaitingClaimant>, SqlError>
  }
>()("formae/agent/records/Claims") {
  /** For commands of one process. */
  static readonly layerNoDeps = Layer.effect(
    Claims,
    Effect.gen(function* () {
      const { pid } = yield* AgentProcesses
      let queue: ClaimQueue<Request> = emptyQueue
      const releases = makeReleases()

      const change = (next: ClaimQueue<Request>): void => {
        queue = next
        for (const { isGranted } of queue.granted) Deferred.doneUnsafe(isGranted, Exit.void)
        if (queue.granted.length === 0 && queue.waiting.length === 0) releases.forget()
      }
      const end = (request: Request): void => {
        if (queue.granted.includes(request)) releases.add(request.set)
        change(leave(queue, request))
      }

      /** Enters the queue, and waits until the request is granted. It is never lost: `enter` gets it before anything can be interrupted. */
      const take = (
        set: ClaimSet,
        { aroundWait = (_, wait) => wait, claimant, stopWhen = Effect.never, whenInUse = "wait" }: ClaimOptions,
        hasEntered: (request: Request) => void,
      ): Effect.Effect<void, StateInUse> =>
        Effect.uninterruptibleMask(
          Effect.fnUntraced(function* (restore) {
            const since = yield* Clock.currentTimeMillis
            const request: Request = { set, since, claimant, isGranted: Deferred.makeUnsafe() }
            change(enter(queue, request))
            hasEntered(request)
            if (queue.granted.includes(request)) return
            const refuse = Effect.suspend(() => {
              const since = blockerOf(queue, request)?.since ?? request.since
              return Effect.fail(new StateInUse({ pid, since, isThisAgent: true }))
            })
            const granted = Deferred.await(request.isGranted)
            const turn =
              whenInUse === "refuse"
                ? refuse
                : aroundWait(
                    blockerOf(queue, request)?.claimant,
                    Effect.raceFirst(granted, Effect.andThen(stopWhen, refuse)),
                  )
            yield* Effect.onError(restore(turn), () => Effect.sync(() => end(request)))
          }),
        )

      return Claims.of({
        claim: claimInSteps<Request>({
          enter: take,
          free: (request) => Effect.sync(() => end(request)),
          withdraw: (request) => Effect.sync(() => change(leave(queue, request))),
          now: Effect.sync(() => releases.now()),
          isFreedSince: ({ set }, moment) => Effect.sync(() => releases.since(moment, set)),
        }),
        documents: Effect.sync(() => {
          const all = queue.granted.map(({ set }) => set.documents)
          return all.includes("all") ? "all" : new Set(all.flat())
        }),
        isClaimed: (identity) => Effect.sync(() => queue.granted.some(({ set }) => set.identities.includes(identity))),
        waitingElsewhere: Effect.succeed([]),
      })
    }),
  )

  /** The same, with the processes of this host. */
  static readonly layer: Layer.Layer<Claims> = this.layerNoDeps.pipe(Layer.provide(AgentProcesses.layer))
}

interface Request {
  readonly set: ClaimSet
  /** In milliseconds since 1970. */
  readonly since: number
  readonly claimant: Claimant | undefined
  readonly isGranted: Deferred.Deferred<void>
}

/** When resources were last released. What was read of one before that may be outdated. */
const makeReleases = () => {
  const releasedAt = new Map<string, number>()
  let clock = 0
  const keysOf = ({ identities, names }: ClaimedResources) => [
    ...identities.map((identity) => `identity ${identity}`),
    ...names.map((name) => `name ${name}`),
  ]
  return {
    now: () => clock,
    add: (set: ClaimedResources): void => {
      clock += 1
      for (const key of keysOf(set)) releasedAt.set(key, clock)
    },
    since: (time: number, set: ClaimedResources): boolean =>
      keysOf(set).some((key) => (releasedAt.get(key) ?? 0) > time),
    /** For when no command is running: the next one reads everything after that. */
    forget: () => releasedAt.clear(),
  }
}
