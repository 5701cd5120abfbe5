/** Compares the environment and the folder of this agent with those of a command that is to run on it. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { Configuration } from "../../agent/configuration/Configuration.ts"
import { configurationOf } from "../../agent/configuration/Setting.ts"
import { HostEnvironment, PluginCoordinator } from "../../agent/index.ts"
import { type ApiEnvironment, type ApiEnvironmentDifference, schemaVersion } from "../../control/index.ts"
import { Platform } from "../../platform/Platform.ts"
import { environmentDifference } from "./environmentDifference.ts"

/** The variables of the agent that the configuration gives to plugins. */
const configured = Effect.gen(function* () {
  const { plugin = {} } = yield* configurationOf(yield* (yield* Configuration).current)
  return Object.values(plugin)
    .flatMap(({ environment = {} }) => Object.values(environment))
    .flatMap((value) => (typeof value === "string" ? [] : [value.env]))
}).pipe(Effect.orElseSucceed((): ReadonlyArray<string> => []))

export const agentEnvironment = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator
  const own = yield* HostEnvironment
  const platform = yield* Platform
  const context = yield* Effect.context<Configuration>()
  const folder = yield* (yield* FileSystem.FileSystem).realPath(".").pipe(Effect.orElseSucceed(() => "."))
  return {
    differenceTo: Effect.fnUntraced(function* ({
      folder: theirs,
      salt,
      variables,
    }: ApiEnvironment): Effect.fn.Return<ApiEnvironmentDifference> {
      const manifests = (yield* coordinator.status).flatMap(({ entry }) => entry.manifest.environment)
      const asked = [...manifests, ...(yield* Effect.provideContext(configured, context))]
      const different = environmentDifference({ own, digests: variables, salt, asked, platform })
      return { schemaVersion, variables: different, ...(theirs === folder ? {} : { folder }) }
    }),
  }
})
