/** Files with values of parameters: those that flags name, and the one of an environment. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import { type GivenParameter, readText } from "../../agent/index.ts"
import { isRecord } from "../../protocol/isRecord.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import { fileExists, invalidFile, readInput } from "../InputFile.ts"

const isJson = Schema.is(Schema.Json)
const notByName = "expected values of parameters by name, such as replicas: 3"

/** The values in a file, each with its place. */
export const readParameters = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<ReadonlyArray<GivenParameter>, CommandFailure, FileSystem.FileSystem | Path.Path> {
  const refuse = invalidFile("ParametersInvalid", file)
  const text = yield* readInput("parameters file", file)
  const { locate, value } = yield* Effect.mapError(Effect.fromResult(readText(text)), ({ message, position }) =>
    refuse([{ path: [], message, ...position }]),
  )
  if (value === null) return []
  if (!isRecord(value)) return yield* refuse([{ path: [], message: notByName, line: 1, column: 1 }])
  const wrong = Object.keys(value).filter((name) => !isJson(value[name]))
  if (wrong.length > 0) {
    return yield* refuse(
      wrong.map((name) => ({ path: [name], message: "it is not a JSON value; put it in quotes", ...locate([name]) })),
    )
  }
  return Object.entries(value).map(([name, found]) => {
    const { column, line } = locate([name]) ?? { line: 1, column: 1 }
    return { name, value: found, place: { file, line, column } }
  })
})

const extensions = ["yaml", "yml", "json"] as const

/** Whether a file of this name has values of parameters, and is no document. */
export const isParametersFile = (name: string): boolean => /^parameters\..+\.(json|ya?ml)$/.test(name)

/** A dot would make another extension, and a slash lead elsewhere. */
const environmentPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,49}$/

/** Fails where a text cannot be the name of an environment. */
export const checkEnvironment = (env: string): Effect.Effect<void, CommandFailure> =>
  environmentPattern.test(env)
    ? Effect.void
    : Effect.fail(
        badInput(
          "EnvironmentInvalid",
          `The environment that --env gives is not a name of at most 50 letters, digits, dashes and underscores, such as prod: ${env}`,
        ),
      )

/** The values of an environment: those in `parameters.ENV.yaml` in the folder of the document, which other documents share. */
export const readEnvironment = Effect.fnUntraced(function* (
  env: string,
  folder: string,
): Effect.fn.Return<ReadonlyArray<GivenParameter>, CommandFailure, FileSystem.FileSystem | Path.Path> {
  const path = yield* Path.Path
  const files = extensions.map((extension) => path.join(folder, `parameters.${env}.${extension}`))
  const [first, second] = yield* Effect.filter(files, fileExists)
  if (first === undefined) {
    return yield* badInput(
      "EnvironmentUnknown",
      `There is no environment ${env}: there is no ${files[0]} (nor .yml, nor .json). Make one, with the values of the parameters by name; it may be empty`,
    )
  }
  if (second !== undefined) {
    return yield* badInput(
      "EnvironmentUnclear",
      `The environment ${env} has two files, ${first} and ${second}; remove one of them`,
    )
  }
  return (yield* readParameters(first)).map((one) => ({ ...one, isShared: true }))
})

/**
 * What the environments in a folder give to some parameters: by file, the values by
 * name. `names` has for each whether it is kept secret. A file that cannot be read
 * gives nothing, and is refused where it is used.
 */
export const environmentValues = Effect.fnUntraced(function* (
  folder: string,
  names: ReadonlyMap<string, boolean>,
): Effect.fn.Return<
  Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  never,
  FileSystem.FileSystem | Path.Path
> {
  if (names.size === 0) return {}
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const files = yield* Effect.orElseSucceed(fs.readDirectory(folder), (): ReadonlyArray<string> => [])
  const found = yield* Effect.forEach(files.filter(isParametersFile).toSorted(), (file) =>
    Effect.map(
      Effect.orElseSucceed(readParameters(path.join(folder, file)), (): ReadonlyArray<GivenParameter> => []),
      (values) => {
        const given = values.flatMap(({ name, value }) =>
          names.has(name) ? [[name, names.get(name) === true ? { $secret: value } : value] as const] : [],
        )
        return given.length === 0 ? [] : [[file, Object.fromEntries(given)] as const]
      },
    ),
  )
  return Object.fromEntries(found.flat())
})
