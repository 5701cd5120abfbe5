/** The agent of another process, for a command. Loaded only where one runs. */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import { HostEnvironment, SavedPlans, Vault, VaultUnavailable } from "../../agent/index.ts"
import { layerRemote } from "../../control/index.ts"
import { environmentDigests } from "../../control/mapping/environmentDigests.ts"
import type { AgentAddress } from "../../control/remote/AgentAddress.ts"
import { connect, refusalOf } from "../../control/remote/Connection.ts"
import { AgentPlugins } from "../AgentPlugins.ts"
import { failed } from "../agentFailures.ts"
import { keyFileOf } from "../stateFiles.ts"
import { remotePlugins } from "./remotePlugins.ts"

/** What is different for the plugins of the agent from what they would see as those of this process. */
export const compareEnvironment = Effect.fnUntraced(function* (socket: string) {
  const connection = yield* Effect.mapError(connect({ socket }), failed)
  const salt = yield* (yield* SecureRandom.SecureRandom).uuidV4()
  const folder = yield* Effect.orElseSucceed((yield* FileSystem.FileSystem).realPath("."), () => ".")
  const payload = { folder, salt, variables: environmentDigests(yield* HostEnvironment, salt) }
  return yield* Effect.mapError(
    connection.call((client) => client.agent.compareEnvironment({ payload })),
    (error) => failed(refusalOf(connection)(error)),
  )
}, Effect.provide(SecureRandom.layerWebCrypto))

/** A watch goes on without an answer. */
const watchMillis = 500

/** The key of the state is where its agent is, and a plan is locked with it. */
const layerNoPlans = (url: string) => {
  const refused = new VaultUnavailable({
    reason: `the key that plans are locked with is beside the state of the agent at ${url}`,
    remedy: "Save and apply plans where the agent runs",
  })
  return Layer.succeed(SavedPlans, { lock: () => Effect.fail(refused), open: () => Effect.fail(refused) })
}

/** What a command needs of its agent. Plans are saved with the key of the state, which lies beside it. */
export const layerRemoteAgent = (address: AgentAddress, stateFile: string, waitMillis: number | undefined) => {
  const here = Layer.unwrap(
    Effect.map(keyFileOf(stateFile), (file) => SavedPlans.layer.pipe(Layer.provide(Vault.layerFile(file)))),
  )
  const plans = "url" in address ? layerNoPlans(address.url) : here
  const plugins = Layer.succeed(AgentPlugins, {
    isElsewhere: true,
    restarts: Effect.map(remotePlugins(address, watchMillis), (all) =>
      all.flatMap(({ namespace, nextAt }) => (nextAt === undefined ? [] : [{ namespace, at: nextAt }])),
    ),
  })
  const agent = layerRemote(address, { waitMillis }).pipe(
    Layer.catch((error) => Layer.effectContext(Effect.fail(failed(error)))),
  )
  return Layer.mergeAll(agent, plans, plugins)
}
