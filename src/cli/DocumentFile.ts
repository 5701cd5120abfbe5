/** Reads a document: the file that states a forma. Its mistakes are reported with their places in the file. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import {
  type DocumentSource,
  earlierNameOf,
  type Forma,
  type FormaInvalid,
  type FormaUnreadable,
  nameOfFile,
  objectionToName,
  placeIssues,
  readForma,
  readFormaName,
  type Sibling,
} from "../agent/index.ts"
import { adviceForParameters } from "./advice/adviceForParameters.ts"
import { badInput, type CommandFailure, withLine } from "./CommandFailure.ts"
import type { DocumentFlags } from "./document/documentFlags.ts"
import { documentInputs, type InputServices } from "./document/documentInputs.ts"
import { checkEnvironment } from "./document/parametersFile.ts"
import { listedName } from "./listedName.ts"
import { invalidFile, isRegularFile, readInput, readStdin, stdin } from "./InputFile.ts"

export interface DocumentFile {
  readonly forma: Forma
  readonly source: Omit<DocumentSource, "hasMoved" | "relativePath">
  /** The issues as lines: `net.yaml:7:12 resources[1].target: ...`. */
  readonly refuse: (error: FormaInvalid) => CommandFailure
}

const usableName = (name: string): string | undefined => (objectionToName(name) === undefined ? name : undefined)

/** The name that a flag gives, if it can be one. */
const nameGiven = Effect.fnUntraced(function* (givenName: Option.Option<string>) {
  const given = Option.getOrUndefined(givenName)?.normalize("NFC")
  const objection = given === undefined ? undefined : objectionToName(given)
  if (objection !== undefined) return yield* badInput("NameInvalid", `The name that --name gives ${objection}`)
  return given
})

/**
 * Reads and decodes `file`. The name of the forma is the one that it says, or
 * that of the flags, or else the name of the file as its folder lists it, without
 * its extension; in an environment, with its name. A document from a pipe must
 * have one of the first two.
 */
export const readDocument = Effect.fnUntraced(function* (
  file: string,
  flags: DocumentFlags,
): Effect.fn.Return<DocumentFile, CommandFailure, InputServices> {
  const path = yield* Path.Path
  const isFile = yield* isRegularFile(file)
  const text = yield* file === stdin ? readStdin("document") : readInput("document", file)
  const refuse = invalidFile("FormaInvalid", file)
  const given = yield* nameGiven(flags.name)
  const env = Option.getOrUndefined(flags.env)
  if (env !== undefined) yield* checkEnvironment(env)
  const listed = isFile ? yield* listedName(file) : path.basename(file)
  const base = path.parse(listed).name
  const nameless = isFile ? usableName(nameOfFile(base)) : undefined
  const place = isFile ? yield* placeOf(path.join(path.dirname(file), listed)) : null
  const { forma, isNamed, locate } = yield* Effect.mapError(
    readForma(text, given ?? nameless, yield* documentInputs(place, flags)),
    (error) => (error._tag === "CommandFailure" ? error : refusalOf(error, refuse)),
  )
  if (given !== undefined && forma.name !== given) {
    return yield* badInput("NameInvalid", `${file} is named ${forma.name}, but --name says ${given}`)
  }
  const name = env === undefined ? forma.name : `${forma.name}@${env}`
  const objection = objectionToName(name)
  if (objection !== undefined) return yield* badInput("NameInvalid", `The name ${name} ${objection}`)
  const hasOwnName = isNamed || given !== undefined
  const earlierName = earlierNameOf(base)
  return {
    forma: { ...forma, name },
    source: {
      path: place,
      isNamed: hasOwnName,
      // 0.1.0 had no environments.
      earlier:
        hasOwnName || env !== undefined
          ? undefined
          : { name: earlierName, siblings: yield* siblingsOf(path.dirname(file), listed, earlierName) },
      resources: forma.resources,
    },
    refuse: ({ issues }) => refuse(placeIssues(issues, locate)),
  }
})

/** The name of the document in `file`, outside of any environment. */
export const readDocumentName = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<string, CommandFailure, FileSystem.FileSystem | Path.Path> {
  const path = yield* Path.Path
  const text = yield* readInput("document", file)
  const listed = (yield* isRegularFile(file)) ? yield* listedName(file) : undefined
  const nameless = listed === undefined ? undefined : usableName(nameOfFile(path.parse(listed).name))
  return yield* Effect.mapError(readFormaName(text, nameless), ({ issues }) =>
    invalidFile("FormaInvalid", file)(issues),
  )
})

/** The mistakes in a document, and how to give what is missing. */
const refusalOf = (
  { issues, missing = [] }: FormaUnreadable,
  refuse: (issues: FormaUnreadable["issues"]) => CommandFailure,
): CommandFailure => (missing.length === 0 ? refuse(issues) : withLine(refuse(issues), adviceForParameters(missing)))

/** The absolute path of a file, with links resolved. */
const placeOf = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return yield* Effect.orElseSucceed(fs.realPath(file), () => path.resolve(file))
})

/** The documents in `folder`, other than that in `file`, whose name was `earlierName` in formae 0.1.0. */
const siblingsOf = Effect.fnUntraced(function* (
  folder: string,
  file: string,
  earlierName: string,
): Effect.fn.Return<ReadonlyArray<Sibling>, never, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const names = yield* Effect.orElseSucceed(fs.readDirectory(folder), () => [])
  const others = names.filter((name) => name !== file && /\.(json|ya?ml)$/.test(name))
  const found = yield* Effect.forEach(others, (name) => {
    const earlier = earlierNameOf(path.parse(name).name)
    return fs.readFileString(path.join(folder, name)).pipe(
      Effect.flatMap((text) => readForma(text, earlier)),
      Effect.map(({ forma }) =>
        forma.name === earlierName ? [{ path: path.join(folder, name), resources: forma.resources }] : [],
      ),
      // What cannot be read is not a document.
      Effect.orElseSucceed(() => []),
    )
  })
  return found.flat()
})
