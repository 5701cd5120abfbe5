import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type LocatedIssue, locateIssues, noSuchField } from "../../protocol/Issue.ts"
import { type PlacedIssue, placeIssues, readText } from "../forma/LocatedText.ts"
import { knownNames } from "../forma/nearestName.ts"
import { AgentConfiguration } from "./AgentConfiguration.ts"
import { nodeAt } from "./ConfigurationField.ts"
import { type Setting, settingsIn } from "./Setting.ts"

const decode = Schema.decodeUnknownResult(AgentConfiguration, { onExcessProperty: "error", errors: "all" })

/** A field that does not exist is told with the one that was probably meant. */
const withSuggestion = ({ message, path }: LocatedIssue): LocatedIssue => {
  const parent = message === noSuchField ? nodeAt(path.slice(0, -1).map(String)) : undefined
  if (parent?._tag !== "Section") return { message, path }
  return { path, message: `${message}; ${knownNames(String(path.at(-1)), "fields", Object.keys(parent.fields))}` }
}

/**
 * The settings in the text of a configuration file, JSON or YAML. An empty text
 * has none. Fails with each mistake and its place. `file` is how the file is
 * named to the user.
 */
export const readConfigurationText = (
  text: string,
  file: string,
): Result.Result<ReadonlyArray<Setting>, ReadonlyArray<PlacedIssue>> => {
  const read = readText(text)
  if (Result.isFailure(read)) {
    const { message, position } = read.failure
    return Result.fail([{ path: [], message, ...position }])
  }
  const { locate, value } = read.success
  return Result.mapBoth(decode(value ?? {}), {
    onFailure: ({ issue }) => placeIssues(locateIssues(issue).map(withSuggestion), locate),
    onSuccess: (configuration) =>
      settingsIn(configuration, (path) => ({ _tag: "File", file, position: () => locate(path) })),
  })
}
