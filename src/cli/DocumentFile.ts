/** Reads a document: the file that states a forma. Its mistakes are reported with their places in the file. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import type * as Stdio from "effect/Stdio"
import {
  type DocumentSource,
  earlierNameOf,
  type Forma,
  type FormaInvalid,
  nameOfFile,
  objectionToName,
  placeIssues,
  readForma,
  type Sibling,
} from "../agent/index.ts"
import { badInput, type CommandFailure } from "./CommandFailure.ts"
import { listedName } from "./listedName.ts"
import { invalidFile, isRegularFile, readInput, readStdin, stdin } from "./InputFile.ts"

export interface DocumentFile {
  readonly forma: Forma
  readonly source: Omit<DocumentSource, "hasMoved" | "relativePath">
  /** The issues as lines: `net.yaml:7:12 resources[1].target: ...`. */
  readonly refuse: (error: FormaInvalid) => CommandFailure
}

const usableName = (name: string): string | undefined => (objectionToName(name) === undefined ? name : undefined)

/**
 * Reads and decodes `file`. The name of the forma is the one that it says, or
 * `givenName`, or else the name of the file as its folder lists it, without its
 * extension. A document from a pipe must have one of the first two.
 */
export const readDocument = Effect.fnUntraced(function* (
  file: string,
  givenName: Option.Option<string>,
): Effect.fn.Return<DocumentFile, CommandFailure, FileSystem.FileSystem | Path.Path | Stdio.Stdio> {
  const path = yield* Path.Path
  const isFile = yield* isRegularFile(file)
  const text = yield* file === stdin ? readStdin("document") : readInput("document", file)
  const refuse = invalidFile("FormaInvalid", file)
  const given = Option.getOrUndefined(givenName)?.normalize("NFC")
  const objection = given === undefined ? undefined : objectionToName(given)
  if (objection !== undefined) return yield* badInput("NameInvalid", `The name that --name gives ${objection}`)
  const listed = isFile ? yield* listedName(file) : path.basename(file)
  const base = path.parse(listed).name
  const nameless = isFile ? usableName(nameOfFile(base)) : undefined
  const { forma, isNamed, locate } = yield* Effect.mapError(readForma(text, given ?? nameless), ({ issues }) =>
    refuse(issues),
  )
  if (given !== undefined && forma.name !== given) {
    return yield* badInput("NameInvalid", `${file} is named ${forma.name}, but --name says ${given}`)
  }
  const hasOwnName = isNamed || given !== undefined
  const earlierName = earlierNameOf(base)
  return {
    forma,
    source: {
      path: isFile ? yield* placeOf(path.join(path.dirname(file), listed)) : null,
      isNamed: hasOwnName,
      earlier: hasOwnName
        ? undefined
        : { name: earlierName, siblings: yield* siblingsOf(path.dirname(file), listed, earlierName) },
      resources: forma.resources,
    },
    refuse: ({ issues }) => refuse(placeIssues(issues, locate)),
  }
})

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
