/**
 * Ends a plugin that knows no leases when the lease of its agent ends: the guard
 * kills it at that time, and is told of each renewal. What the guard was told
 * before holds until it has read the next time soon enough.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { LaunchId } from "../../protocol/Identity.ts"
import { makeNow, millisBetween, type Moment } from "../../transport/LeaseTime.ts"
import { guardDelayMillis } from "./GuardDeadlines.ts"
import { GuardProcess } from "./GuardProcess.ts"
import type { AgentLease } from "./Lease.ts"

interface GuardFenceOptions {
  readonly lease: AgentLease
  readonly launch: LaunchId
  /** Of its process group. */
  readonly pid: number
  /** The name of the plugin. */
  readonly plugin: string
}

/** Between two times that the guard is told, because it has read the first one too late. */
const retryDelay = "100 millis"

/** The guard counts in tenths of a second, from when it reads a time. */
const earliestMillis = guardDelayMillis + 100

/** Completes when the guard has the first time, and tells it the others until the scope closes. Gives whether the last one has come. Fails, in words, where nothing guards. */
export const makeGuardFence = Effect.fnUntraced(function* ({
  launch,
  lease,
  pid,
  plugin,
}: GuardFenceOptions): Effect.fn.Return<() => boolean, string, GuardProcess | Scope.Scope> {
  const guard = yield* GuardProcess
  const now = yield* makeNow
  let held: number | undefined
  let told: Moment | undefined

  /** Tells the guard this time, until it has read it soon enough or it has passed. */
  const arm = Effect.fnUntraced(function* (end: Moment): Effect.fn.Return<void, string> {
    const sentAt = now()
    const number = yield* guard.arm(launch, pid, millisBetween(sentAt, end))
    if (number === undefined) return yield* Effect.fail(unguarded(plugin))
    yield* guard.confirmed
    const isInTime = millisBetween(sentAt, now()) <= guardDelayMillis
    const before = isInTime ? held : number
    if (isInTime) held = number
    if (before !== undefined) yield* guard.disarm(before)
    if (isInTime) told = end
    else yield* Effect.sleep(retryDelay)
  })
  const step = Effect.suspend(() => {
    const end = lease.current()?.end()
    return end === undefined || end === told ? lease.renewed : arm(end)
  })
  const untilTold: Effect.Effect<void, string> = Effect.suspend(() =>
    lease.current() === undefined || told !== undefined ? Effect.void : Effect.andThen(step, untilTold),
  )
  yield* untilTold
  yield* Effect.forkScoped(Effect.ignore(Effect.forever(step)))
  return () => told !== undefined && millisBetween(now(), told) <= earliestMillis
})

const unguarded = (plugin: string): string =>
  `The plugin ${plugin} does not know the feature "lease", and there is no guard here that could end it when the lease of this agent ends. Upgrade the plugin, or run the agent where there is a POSIX shell`
