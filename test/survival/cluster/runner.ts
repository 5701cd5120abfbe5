/** Runners of one state and one cloud. One may have a fault at one of its steps. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import { plugin as fakeAws } from "../../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../../src/agent/Agent.ts"
import { inCurrentTerm, Lease, makeLease } from "../../../src/agent/launch/Lease.ts"
import { CurrentHolder, type Holder, partOfForma } from "../../../src/agent/records/CurrentHolder.ts"
import { Holders } from "../../../src/agent/records/cluster/Holders.ts"
import { layerSharedClaims } from "../../../src/agent/records/cluster/layerSharedClaims.ts"
import { layerSharedOwnership } from "../../../src/agent/records/cluster/layerSharedOwnership.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { Vault } from "../../../src/agent/store/Vault.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { layerStepsOver } from "../../../src/testing/layerAgentWithSteps.ts"
import type { FakeProcess } from "../../../src/testing/FakeProcess.ts"
import { serves } from "../../../src/testing/FakeProgram.ts"
import { fakePlugin, layerFakePlugins } from "../../../src/testing/index.ts"
import { makeTestVault } from "../../../src/testing/makeTestVault.ts"
import { makeStepCounter } from "../../../src/testing/StepCounter.ts"
import type { Steps } from "../../../src/testing/Steps.ts"
import { withSteps } from "../../../src/testing/withSteps.ts"
import { makeLink } from "../../cluster/TestNetwork.ts"
import { quickToGiveUp } from "../world.ts"
import { layerLinkedClient } from "./layerLinkedClient.ts"

/**
 * `kill`: the runner and its plugin. `pause`: the runner stands still, its plugin
 * does not. `freeze`: both do, as on a machine that is paused. `cut`: it does not
 * reach the state.
 */
export const faults = ["kill", "pause", "freeze", "cut"] as const
export type Fault = (typeof faults)[number]

export interface Strike {
  /** As `makeStepCounter` lists it. */
  readonly step: string
  readonly fault: Fault
}

/** How long a runner may act without hearing of the others. */
export const leaseMillis = 12_000
const renewMillis = 3_000

/** What the runners share: the state in a file, and the key of its vault. */
export const openState = (file: string) =>
  Effect.map(Layer.build(Layer.fresh(Store.layerFile(file)).pipe(Layer.provide(NodeServices.layer))), (context) => ({
    sql: Context.get(context, SqlClient.SqlClient),
    vault: makeTestVault(),
  }))

export type SharedState = Effect.Success<ReturnType<typeof openState>>

export const makeRunner = Effect.fnUntraced(function* (name: string, { sql, vault }: SharedState, strike?: Strike) {
  const link = makeLink()
  /** Of its plugin, to the provider. */
  const pluginLink = makeLink()
  const counter = makeStepCounter(strike?.step)
  const processes = new Set<FakeProcess>()
  const struck = Deferred.makeUnsafe<void>()
  const scope = yield* Scope.fork(yield* Effect.scope)
  let isDead = false
  let losses = 0
  /** What was done after another runner has taken over. */
  let late: Array<string> | undefined

  const client = Context.get(
    yield* Layer.buildWithScope(Layer.fresh(layerLinkedClient(link, sql, () => losses)), scope),
    SqlClient.SqlClient,
  )
  const killPlugins = Effect.suspend(() =>
    Effect.forEach(processes, (process) => process.signal("SIGKILL"), { discard: true }),
  )
  const happen: Readonly<Record<Fault, Effect.Effect<unknown>>> = {
    kill: Effect.andThen(
      link.cut,
      Effect.sync(() => (isDead = true)),
    ),
    pause: link.pause,
    freeze: Effect.andThen(link.pause, pluginLink.pause),
    cut: link.cut,
  }
  /** Happens at the same moment for all fibers, and those that wait for it hear of it. */
  const happens = Effect.suspend(() => {
    if (strike === undefined) return Effect.void
    losses += 1
    return Effect.andThen(happen[strike.fault], Deferred.succeed(struck, undefined))
  })
  const inPlugin = (step: string) =>
    Effect.andThen(counter.isNow(step) ? happens : Effect.void, Effect.ignore(pluginLink.through(Effect.void)))
  const steps: Steps = {
    inAgent: (step) =>
      Effect.suspend(() => {
        if (late !== undefined && step.endsWith(", after")) late.push(step)
        const stand = Effect.suspend(() => (isDead ? Effect.never : Effect.ignore(link.through(Effect.void))))
        const reached = counter.isNow(step) ? happens : Effect.void
        // Who stands still in a transaction would keep it.
        return Effect.flatMap(Effect.serviceOption(client.transactionService), (transaction) =>
          Option.isSome(transaction) ? reached : Effect.andThen(reached, stand),
        )
      }),
    beforeProvider: (step) =>
      Effect.suspend(() => {
        if (late !== undefined && /^(Create|Update|Delete) /.test(step)) late.push(step)
        return inPlugin(step)
      }),
    beforeAnswer: (step) => Effect.suspend(() => inPlugin(step)),
  }
  const program = serves(withSteps(fakeAws, steps))
  const pluginClock = pluginLink.clockOf(yield* Clock.Clock)
  const plugins = layerFakePlugins([
    fakePlugin(
      fakeAws,
      () => (process) =>
        Effect.suspend(() => {
          processes.add(process)
          return Effect.provideService(program(process), Clock.Clock, pluginClock)
        }),
    ),
  ])
  const clock = link.clockOf(yield* Clock.Clock)
  const { lease, renewBy } = yield* Effect.provideService(makeLease, Clock.Clock, clock)
  const renew = Effect.ignore(renewBy(leaseMillis, link.through(Effect.void)))
  yield* renew
  yield* Effect.forkIn(
    Effect.forever(Effect.andThen(Effect.sleep(renewMillis), renew)).pipe(Effect.provideService(Clock.Clock, clock)),
    scope,
  )
  const layer = layerStepsOver(steps.inAgent, Layer.merge(layerSharedOwnership, layerSharedClaims)).pipe(
    Layer.provideMerge(Holders.layer(name)),
    Layer.provide([
      PluginCoordinator.layerNoDeps({ operator: quickToGiveUp }).pipe(Layer.provide(plugins)),
      Layer.succeed(Vault, vault),
      Layer.succeed(SqlClient.SqlClient, client),
    ]),
    Layer.provide(Layer.succeed(Lease, lease)),
    Layer.provide(NodeServices.layer),
  )
  const context = yield* Layer.buildWithScope(Layer.fresh(layer), scope).pipe(Effect.provideService(Clock.Clock, clock))
  const agent = Context.get(context, Agent)
  const part = partOfForma("shop")

  return {
    name,
    link,
    counter,
    struck: Deferred.await(struck),
    /** Takes the forma over, until the end of the test. */
    activate: Context.get(context, Holders).activate(part),
    under: <A, E>(holder: Holder, use: (agent: Agent["Service"]) => Effect.Effect<A, E>) =>
      inCurrentTerm(use(agent)).pipe(
        Effect.provideService(Lease, lease),
        Effect.provideService(CurrentHolder, holder),
        Effect.provideService(Clock.Clock, clock),
      ),
    /** Ends a pause or a cut. It has its lease again before anything that stood still goes on. */
    comeBack: Effect.andThen(renewBy(leaseMillis, Effect.void), Effect.andThen(link.restore, pluginLink.restore)),
    /** Ends what a killed runner runs. */
    bury: <A, E>(running: Fiber.Fiber<A, E>) =>
      Effect.andThen(killPlugins, Effect.andThen(Fiber.interrupt(running), Scope.close(scope, Exit.void))),
    /** From now on, another one has its forma. */
    isStale: () => {
      late = []
    },
    late: () => late ?? [],
  }
})

export type Runner = Effect.Success<ReturnType<typeof makeRunner>>
