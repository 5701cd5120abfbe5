/** The text of a document, wherever it is: a file, a folder of files, or a pipe. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type * as Stdio from "effect/Stdio"
import { type DocumentText, isSavedPlan, usedDocuments } from "../../agent/index.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import { isRegularFile, readInput, readStdin, stdin } from "../InputFile.ts"
import { listedName } from "../listedName.ts"
import { pathInFolder } from "./documentFolder.ts"
import { joinedFiles } from "./joinedFiles.ts"
import { isParametersFile } from "./parametersFile.ts"

/** A document before it is read, and where it is. */
export interface FoundText {
  readonly text: string | ReadonlyArray<DocumentText>
  /** What it is called where it is, without an extension. Undefined where it has no name of its own. */
  readonly base: string | undefined
  /** The real path of its file or its folder. Null where it has none. */
  readonly place: string | null
  /** The real path of the folder that its files are in. Undefined where it has none. */
  readonly folder: string | undefined
  /** The real paths of its files from that folder, with slashes. */
  readonly files: ReadonlyArray<string>
  /** How that folder is named to the user. */
  readonly shown: string
  /** Its name in its folder. Undefined where it is not a file. */
  readonly listed: string | undefined
}

/** Files of other programs, which are in many folders. */
const isForeign = (name: string): boolean =>
  /^(\..*|package(-lock)?\.json|npm-shrinkwrap\.json|tsconfig(\..+)?\.json|formae\.config\.(json|ya?ml))$/.test(name)

/** Whether a file in a folder that is a document is a part of it. */
export const isPart = (name: string): boolean =>
  /\.(json|ya?ml)$/i.test(name) && !isForeign(name) && !isParametersFile(name)

/** The text of a document, and not a plan that was made from one. */
const documentIn = (file: string, text: string): Effect.Effect<string, CommandFailure> =>
  isSavedPlan(text)
    ? Effect.fail(
        badInput(
          "SavedPlanGiven",
          `${file} is a saved plan, not a document. Only "formae apply" takes it, from a file with a name`,
        ),
      )
    : Effect.succeed(text)

const readInDocument = (file: string) => Effect.flatMap(readInput("document", file), (text) => documentIn(file, text))

/** The path of a file, with links resolved. */
const placeOf = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return yield* Effect.orElseSucceed(fs.realPath(file), () => path.resolve(file))
})

/** The names of the files in a folder that are parts of its document, in their order. */
export const partsOf = Effect.fnUntraced(function* (
  folder: string,
): Effect.fn.Return<ReadonlyArray<string>, never, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const names = yield* Effect.orElseSucceed(fs.readDirectory(folder), (): ReadonlyArray<string> => [])
  return yield* Effect.filter(names.filter(isPart).toSorted(), (name) =>
    Effect.match(fs.stat(path.join(folder, name)), {
      onFailure: () => true,
      onSuccess: ({ type }) => type !== "Directory",
    }),
  )
})

/** The text of a part. If one that is broken were left out, its resources would be deleted. */
const readPart = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<string, CommandFailure, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const refuse = (reason: string) =>
    badInput(
      "FileUnreadable",
      `${file} is a part of the document, but ${reason}. If it is no part any more, remove it: then its resources are deleted`,
    )
  const info = yield* Effect.option(fs.stat(file))
  // What is not there is a link that leads nowhere. To open a pipe would wait for its writer.
  if (info._tag === "Some" && info.value.type !== "File") return yield* refuse("is not a regular file")
  const text = yield* readInDocument(file)
  return text.trim() === "" ? yield* refuse("is empty") : text
})

const readFolder = Effect.fnUntraced(function* (
  given: string,
): Effect.fn.Return<FoundText, CommandFailure, FileSystem.FileSystem | Path.Path> {
  const path = yield* Path.Path
  const folder = yield* placeOf(given)
  const names = yield* partsOf(given)
  if (names.length === 0) {
    return yield* badInput(
      "FileUnreadable",
      `The folder ${given} has no file that ends in .yaml, .yml or .json; put the document there, or name another folder`,
    )
  }
  const found = yield* Effect.forEach(
    names,
    Effect.fnUntraced(function* (name) {
      const file = path.join(given, name)
      const text = yield* readPart(file)
      const used = usedDocuments(text).map((document) => placeOf(path.resolve(folder, document)))
      return { file, text, path: yield* placeOf(file), uses: yield* Effect.all(used) }
    }),
  )
  const joined = joinedFiles(found)
  return {
    text: joined.map(({ file, text }) => ({ file, text })),
    base: path.basename(folder),
    place: folder,
    folder,
    files: joined.map((one) => pathInFolder(path, folder, one.path)),
    shown: given,
    listed: undefined,
  }
})

const withoutPlace = (text: string): FoundText => ({
  text,
  base: undefined,
  place: null,
  folder: undefined,
  files: [],
  shown: ".",
  listed: undefined,
})

const readFile = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<FoundText, CommandFailure, FileSystem.FileSystem | Path.Path> {
  const path = yield* Path.Path
  const text = yield* readInDocument(file)
  if (!(yield* isRegularFile(file))) return withoutPlace(text)
  const listed = yield* listedName(file)
  const place = yield* placeOf(path.join(path.dirname(file), listed))
  const folder = path.dirname(place)
  const given = path.dirname(file)
  // A document behind a link has the folder that the link leads to.
  const shown = (yield* placeOf(given)) === folder ? given : folder
  return { text, base: path.parse(listed).name, place, folder, files: [path.basename(place)], shown, listed }
})

/** A document that is going to be in a file that is not there yet. Its folder must be. */
export const newDocument = Effect.fnUntraced(function* (
  file: string,
  text: string,
): Effect.fn.Return<FoundText, never, FileSystem.FileSystem | Path.Path> {
  const path = yield* Path.Path
  const listed = path.basename(file)
  const folder = yield* placeOf(path.dirname(file))
  const place = path.join(folder, listed)
  return { text, base: path.parse(listed).name, place, folder, files: [listed], shown: path.dirname(file), listed }
})

/** Reads a document, but does not look at what is in it. */
export const readDocumentText = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<FoundText, CommandFailure, FileSystem.FileSystem | Path.Path | Stdio.Stdio> {
  const fs = yield* FileSystem.FileSystem
  if (file === stdin) return withoutPlace(yield* documentIn(file, yield* readStdin("document")))
  const info = yield* Effect.option(fs.stat(file))
  return yield* info._tag === "Some" && info.value.type === "Directory" ? readFolder(file) : readFile(file)
})
