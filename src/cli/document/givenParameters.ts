/** Collects the values of parameters from wherever a user of the command can give them. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type * as Path from "effect/Path"
import { type GivenParameter, HostEnvironment, type Parameter } from "../../agent/index.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import type { DocumentFlags } from "./documentFlags.ts"
import { parameterVariable } from "./parameterVariable.ts"
import { readEnvironment, readParameters } from "./parametersFile.ts"

const parseSet = Effect.fnUntraced(function* (word: string): Effect.fn.Return<GivenParameter, CommandFailure> {
  const at = word.indexOf("=")
  if (at > 0) return { name: word.slice(0, at), value: word.slice(at + 1), isText: true, from: "--set" }
  // What is there may be a secret whose name was forgotten.
  return yield* badInput("ParameterInvalid", "A --set has no name and value; write --set NAME=VALUE")
})

/**
 * What is nearest to the command counts: `--set`, then the files of
 * `--parameters`, the last one first, then the variables, then the file of the
 * environment. `folder` is that of the document, and undefined where it has none.
 */
export const givenParameters = Effect.fnUntraced(function* (
  { env, parameters, set }: Pick<DocumentFlags, "env" | "parameters" | "set">,
  folder: string | undefined,
): Effect.fn.Return<
  (declared: ReadonlyArray<Parameter>) => ReadonlyArray<GivenParameter>,
  CommandFailure,
  FileSystem.FileSystem | Path.Path
> {
  if (Option.isSome(env) && folder === undefined) {
    return yield* badInput(
      "EnvironmentUnknown",
      "A document from a pipe has no folder, and so no environments; name the file with --parameters, and the document with --name",
    )
  }
  const environment = yield* HostEnvironment
  const ofEnvironment = Option.isNone(env) || folder === undefined ? [] : yield* readEnvironment(env.value, folder)
  const ofFiles = (yield* Effect.forEach(parameters, readParameters)).flat()
  const ofSet = yield* Effect.forEach(set, parseSet)
  return (declared) => {
    const ofVariables = declared.flatMap(({ name }) => {
      const variable = parameterVariable(name)
      const value = environment[variable]
      return value === undefined ? [] : [{ name, value, isText: true, from: `the variable ${variable}` }]
    })
    return [...ofEnvironment, ...ofVariables, ...ofFiles, ...ofSet]
  }
})
