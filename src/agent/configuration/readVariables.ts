/** The settings that environment variables give. */
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { describeIssue } from "../../protocol/Issue.ts"
import type { ConfigurationField } from "./ConfigurationField.ts"
import type { Setting } from "./Setting.ts"
import { meaningOf } from "./variableOf.ts"

/** A variable that cannot be used. */
export interface VariableIssue {
  readonly variable: string
  /** Why, as a sentence without its value. */
  readonly message: string
}

/** The lists of folders. */
const folders: ReadonlySet<string | undefined> = new Set(["plugins", "onlyPlugins"])

/** A list of folders is written as `PATH` is, any other list and what has keys as JSON, and anything else as it is. */
const configOf = (
  { path, schema }: ConfigurationField,
  variable: string,
  delimiter: string,
): Config.Config<unknown> => {
  switch (schema.ast._tag) {
    case "Arrays":
      if (!folders.has(path.at(-1))) return Config.schema(Schema.fromJsonString(schema), variable)
      return Config.map(Config.String(variable), (list) => list.split(delimiter).filter((one) => one !== ""))
    case "Objects":
      return Config.schema(Schema.fromJsonString(schema), variable)
    default:
      return Config.schema(schema, variable)
  }
}

const read = Effect.fnUntraced(function* (
  variable: string,
  text: string,
  delimiter: string,
): Effect.fn.Return<ReadonlyArray<Setting>, VariableIssue> {
  const meaning = meaningOf(variable)
  switch (meaning._tag) {
    case "Other":
      return []
    case "Misspelt":
      return yield* Effect.fail({
        variable,
        message:
          meaning.nearest === undefined
            ? "sets nothing that there is"
            : `sets nothing; did you mean ${meaning.nearest}?`,
      })
    case "Sets": {
      const config = configOf(meaning.field, variable, delimiter)
      const value = yield* Effect.mapError(
        config.parse(ConfigProvider.fromUnknown({ [variable]: text })),
        ({ cause }) => ({
          variable,
          message:
            cause._tag === "SchemaError" ? describeIssue(cause.issue).replace(`${variable}: `, "") : cause.message,
        }),
      )
      return [{ path: meaning.path, value, origin: { _tag: "Variable", name: variable } }]
    }
  }
})

/**
 * The settings of the variables in `environment` that begin with `FORMAE_`. One
 * that is empty counts as not set. Fails with all that cannot be used.
 * `delimiter` stands between the folders of a list.
 */
export const readVariables = (
  environment: Readonly<Record<string, string | undefined>>,
  delimiter: string,
): Effect.Effect<ReadonlyArray<Setting>, ReadonlyArray<VariableIssue>> => {
  const given = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[0].startsWith("FORMAE_") && entry[1] !== undefined && entry[1] !== "",
  )
  return Effect.gen(function* () {
    const [settings, issues] = yield* Effect.partition(given, ([name, text]) => read(name, text, delimiter))
    if (issues.length > 0) return yield* Effect.fail(issues)
    return settings.flat()
  })
}
