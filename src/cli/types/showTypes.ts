/** Lists the types of plugins, or shows one of them. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { knownNames } from "../../agent/forma/nearestName.ts"
import { ResourceType, type TypeCapabilities } from "../../protocol/index.ts"
import type { AgentConfig } from "../AgentConfig.ts"
import { badInput } from "../CommandFailure.ts"
import { printJson, printLines, stdoutWidth } from "../Outputs.ts"
import { askPlugins } from "./askPlugins.ts"
import { formatType, formatTypes, shownType } from "./formatType.ts"

interface TypesFlags {
  readonly type: Option.Option<string>
  readonly json: boolean
}

const isType = Schema.is(ResourceType)

const unknownType = (given: string, types: ReadonlyArray<TypeCapabilities>) => {
  const all = types.map(({ type }): string => type)
  const same = all.filter((one) => one.toLowerCase().endsWith(`::${given.toLowerCase()}`))
  const meant = same.length > 0 ? `did you mean ${same.join(" or ")}?` : knownNames(given, "types", all)
  return badInput("TypeUnknown", `There is no resource type ${given}; ${meant}`)
}

const listTypes = Effect.fnUntraced(function* (folders: ReadonlyArray<string>, settings: AgentConfig, json: boolean) {
  const types = (yield* askPlugins(folders, settings, "none")).map(({ type }) => type)
  yield* json
    ? printJson({ command: "types", status: "succeeded", types: types.toSorted() })
    : printLines(formatTypes(types))
})

const showType = Effect.fnUntraced(function* (
  folders: ReadonlyArray<string>,
  settings: AgentConfig,
  given: string,
  json: boolean,
) {
  // What an example refers to is described too.
  const types = yield* askPlugins(folders, settings, isType(given) ? given : "none")
  const found = types.find(({ type }) => type === given)
  if (found === undefined) return yield* unknownType(given, types)
  // Loaded here because nothing else needs what makes examples.
  const { exampleDocument } = yield* Effect.promise(() => import("./exampleDocument.ts"))
  const shown = shownType(found, yield* exampleDocument(found, types))
  yield* json
    ? printJson({ command: "types", status: "succeeded", types: [shown] })
    : printLines(formatType(shown, yield* stdoutWidth))
})

export const showTypes = (folders: ReadonlyArray<string>, settings: AgentConfig, { json, type }: TypesFlags) =>
  Option.match(type, {
    onNone: () => listTypes(folders, settings, json),
    onSome: (given) => showType(folders, settings, given, json),
  })
