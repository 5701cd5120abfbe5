import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import { badInput } from "../CommandFailure.ts"
import { printLast } from "../Outputs.ts"
import { listQuarantines, removeQuarantine } from "../QuarantineRecords.ts"
import { config, state, trust } from "../SharedFlags.ts"
import { findAgent } from "../staying/findAgent.ts"
import { namedAgent } from "../staying/namedAgent.ts"
import { requireTrust } from "../trust/requireTrust.ts"

const name = Argument.String("name").pipe(Argument.withDescription("The plugin's name, as `formae plugins` lists it"))

const released = (plugin: string): string =>
  `The plugin ${plugin} was released: the next command that needs it will start it`

export const releasePlugin = Command.make("release", { name, state, config, trust }, (flags) =>
  Effect.gen(function* () {
    const elsewhere = yield* namedAgent
    if (elsewhere !== undefined) {
      const { releaseRemotely } = yield* Effect.promise(() => import("../staying/remotePlugins.ts"))
      if (!(yield* releaseRemotely(elsewhere, flags.name))) {
        return yield* badInput(
          "PluginNotQuarantined",
          `The plugin ${flags.name} of the agent at ${elsewhere.url} is not quarantined`,
        )
      }
      return yield* printLast(released(flags.name))
    }
    const settings = yield* readConfig(flags.config)
    yield* requireTrust(flags, settings, ["state"])
    const stateFile = stateFileOf(flags, settings)
    const socket = yield* findAgent(stateFile)
    if (socket !== undefined) {
      // What an agent has in quarantine it releases itself: it has it in memory too, and a runner nowhere else.
      const { releaseRemotely } = yield* Effect.promise(() => import("../staying/remotePlugins.ts"))
      if (yield* releaseRemotely({ socket }, flags.name)) return yield* printLast(released(flags.name))
    }
    const quarantined = (yield* listQuarantines(stateFile)).map(({ plugin }) => plugin)
    if (!quarantined.includes(flags.name)) {
      const others = quarantined.length === 0 ? "no plugin is" : `quarantined plugins: ${quarantined.join(", ")}`
      return yield* badInput("PluginNotQuarantined", `The plugin ${flags.name} is not quarantined; ${others}`)
    }
    yield* removeQuarantine(stateFile, flags.name)
    yield* printLast(released(flags.name))
  }),
).pipe(Command.withDescription("End the quarantine of a plugin that was restarted too often"))
