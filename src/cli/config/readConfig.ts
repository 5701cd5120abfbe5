import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type * as Path from "effect/Path"
import { missingVariables } from "../../agent/configuration/missingVariables.ts"
import { readVariables } from "../../agent/configuration/readVariables.ts"
import { configurationOf, describeOrigin, type Setting } from "../../agent/configuration/Setting.ts"
import { HostEnvironment } from "../../agent/index.ts"
import { pathDelimiter } from "../../platform/paths.ts"
import { thisPlatform } from "../../platform/Platform.ts"
import { formatIssue } from "../../protocol/index.ts"
import { badLines, type CommandFailure } from "../CommandFailure.ts"
import type { AgentConfig } from "./AgentConfig.ts"
import { readConfigurationFile, readFoundFile } from "./configurationFile.ts"
import { findPlaces } from "./findPlaces.ts"
import { refuseBadState } from "./refuseBadState.ts"

/** The settings of the environment. */
const variableSettings = Effect.gen(function* () {
  const environment = yield* HostEnvironment
  return yield* Effect.mapError(readVariables(environment, pathDelimiter(thisPlatform)), (issues) =>
    badLines(
      "ConfigInvalid",
      issues.map(({ message, variable }) => `The environment variable ${variable}: ${message}`),
      issues.map(({ message, variable }) => ({ path: [variable], message })),
    ),
  )
})

/** The configuration that settings make. */
const whole = Effect.fnUntraced(function* (given: ReadonlyArray<Setting>) {
  return yield* Effect.mapError(configurationOf(given), (issues) => {
    const lines = issues.map((issue) => {
      const near = given.findLast(({ path }) => issue.path.slice(0, -1).every((key, index) => path[index] === key))
      return `${near === undefined ? "" : `${describeOrigin(near.origin)} `}${formatIssue(issue)}`
    })
    return badLines(
      "ConfigInvalid",
      lines,
      issues.map(({ message, path }) => ({ path: path.map(String), message })),
    )
  })
})

/** What a command has read of its configuration, by the file that `--config` names. Undefined where it is read each time. */
export const ReadBefore = Context.Reference<Map<string, AgentConfig> | undefined>("formae/cli/config/ReadBefore", {
  defaultValue: () => undefined,
})

/**
 * Reads the file that `--config` names, or else one that is found in the current
 * folder or above it, and the environment, which goes before the file. One that
 * was found is not to be used before `requireTrust` has let it pass.
 */
export const readConfig = Effect.fnUntraced(function* (
  flag: Option.Option<string>,
): Effect.fn.Return<AgentConfig, CommandFailure, FileSystem.FileSystem | Path.Path> {
  const readBefore = yield* ReadBefore
  const name = Option.getOrElse(flag, () => "")
  const before = readBefore?.get(name)
  if (before !== undefined) return before
  const places = yield* findPlaces(Option.isSome(flag))
  const named = Option.isSome(flag) ? yield* readConfigurationFile(flag.value) : undefined
  const found =
    named === undefined && places.configuration !== undefined ? yield* readFoundFile(places.configuration) : undefined
  const given = [...((named ?? found)?.settings ?? []), ...(yield* variableSettings)]
  const configuration = yield* whole(given)
  const missing = missingVariables(configuration, given, yield* HostEnvironment)
  if (missing.length > 0) {
    return yield* badLines(
      "ConfigInvalid",
      missing.map(({ message, path, place }) => `${place} ${formatIssue({ path, message })}`),
      missing.map(({ message, path }) => ({ path, message })),
    )
  }
  yield* refuseBadState(given)
  const read = { ...configuration, places, found, given }
  readBefore?.set(name, read)
  return read
})
