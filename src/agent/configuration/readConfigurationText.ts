import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { locateIssues } from "../../protocol/Issue.ts"
import { fieldIssues } from "../forma/fieldIssues.ts"
import { type PlacedIssue, placeIssues, readText } from "../forma/LocatedText.ts"
import { AgentConfiguration } from "./AgentConfiguration.ts"
import { fieldsAt } from "./ConfigurationField.ts"
import { type Setting, settingsIn } from "./Setting.ts"

const decode = Schema.decodeUnknownResult(AgentConfiguration, { onExcessProperty: "error", errors: "all" })

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
    onFailure: ({ issue }) => placeIssues(fieldIssues(locateIssues(issue), fieldsAt, value), locate),
    onSuccess: (configuration) =>
      settingsIn(configuration, (path) => ({ _tag: "File", file, position: () => locate(path) })),
  })
}
