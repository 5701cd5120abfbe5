/** What the programs share that measure an agent over many resources. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Agent } from "../../../src/agent/Agent.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { Vault } from "../../../src/agent/store/Vault.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"

const layerStoreOn = (state: string) =>
  Store.isPostgresUrl(state)
    ? Layer.merge(Store.layerPostgres({ url: Redacted.make(state) }), Vault.layerKey(Redacted.make(new Uint8Array(32))))
    : Store.layerFile(state)

/** An agent over a state, which is a file or the address of a schema, with FakeAWS as a process. */
export const layerAgentOn = (plugins: string, state: string) =>
  Agent.layer.pipe(
    Layer.provideMerge(PluginCoordinator.layerProcesses([`${plugins}/fake-aws`])),
    Layer.provide(layerStoreOn(state)),
    Layer.provide(NodeServices.layer),
  )

/** Processor time of this process, in milliseconds, and what was made. */
export const cpuOf = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const before = process.cpuUsage()
    return Effect.map(work, (made) => {
      const { system, user } = process.cpuUsage(before)
      return { made, millis: (user + system) / 1e3 }
    })
  })
