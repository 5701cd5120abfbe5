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
  type FormaUnreadable,
  nameOfFile,
  objectionToName,
  placeIssues,
  readForma,
  readFormaName,
  type Sibling,
} from "../agent/index.ts"
import { nameRule } from "../agent/forma/FormaName.ts"
import { adviceForName } from "./advice/adviceForName.ts"
import { adviceForParameters } from "./advice/adviceForParameters.ts"
import { badInput, type CommandFailure, withLine } from "./CommandFailure.ts"
import type { DocumentFlags } from "./document/documentFlags.ts"
import { documentInputs, type InputServices } from "./document/documentInputs.ts"
import { type FoundText, readDocumentText } from "./document/documentText.ts"
import { checkEnvironment } from "./document/parametersFile.ts"
import { invalidFile } from "./InputFile.ts"

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
  if (objection !== undefined)
    return yield* badInput("NameInvalid", `The name that --name gives ${objection}; ${nameRule}`)
  return given
})

/**
 * Reads and decodes `file`, which may be a folder. The name of the forma is the
 * one that it says, or that of the flags, or else the name of the file as its
 * folder lists it, without its extension; in an environment, with its name. A
 * document from a pipe must have one of the first two.
 */
export const readDocument = Effect.fnUntraced(function* (
  file: string,
  flags: DocumentFlags,
): Effect.fn.Return<DocumentFile, CommandFailure, InputServices> {
  return yield* readFoundDocument(file, yield* readDocumentText(file), flags)
})

/** The same for a text that was read already, or that `file` is going to have. */
export const readFoundDocument = Effect.fnUntraced(function* (
  file: string,
  found: FoundText,
  flags: DocumentFlags,
): Effect.fn.Return<DocumentFile, CommandFailure, InputServices> {
  const path = yield* Path.Path
  const refuse = invalidFile("FormaInvalid", file)
  const given = yield* nameGiven(flags.name)
  const env = Option.getOrUndefined(flags.env)
  if (env !== undefined) yield* checkEnvironment(env)
  const { forma, isNamed, locate } = yield* Effect.mapError(
    readForma(found.text, given ?? nameIn(found), yield* documentInputs(found, flags)),
    (error) => {
      if (error._tag === "CommandFailure") return error
      const refusal = refusalOf(error, refuse)
      const isNameless = error.issues.some(({ path }) => path.length === 1 && path[0] === "name")
      return isNameless && found.base === undefined ? withLine(refusal, adviceForName) : refusal
    },
  )
  if (given !== undefined && forma.name !== given) {
    return yield* badInput(
      "NameInvalid",
      `${file} is named ${forma.name}, but --name says ${given}; take one of the two names out`,
    )
  }
  const name = env === undefined ? forma.name : `${forma.name}@${env}`
  const objection = objectionToName(name)
  if (objection !== undefined) return yield* badInput("NameInvalid", `The name ${name} ${objection}; ${nameRule}`)
  const hasOwnName = isNamed || given !== undefined
  // 0.1.0 had neither environments nor folders.
  const earlierListed = hasOwnName || env !== undefined ? undefined : found.listed
  return {
    forma: { ...forma, name },
    source: {
      path: found.place,
      isNamed: hasOwnName,
      earlier: earlierListed === undefined ? undefined : yield* earlierOf(path.dirname(file), earlierListed),
      resources: forma.resources,
    },
    refuse: ({ issues }) => refuse(placeIssues(issues, locate)),
  }
})

/** The name that a file or a folder gives its document. */
const nameIn = ({ base }: FoundText): string | undefined =>
  base === undefined ? undefined : usableName(nameOfFile(base))

/** The name of the document in `file`, outside of any environment. */
export const readDocumentName = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<string, CommandFailure, FileSystem.FileSystem | Path.Path | Stdio.Stdio> {
  const found = yield* readDocumentText(file)
  return yield* Effect.mapError(readFormaName(found.text, nameIn(found)), ({ issues }) =>
    invalidFile("FormaInvalid", file)(issues),
  )
})

/** The name that 0.1.0 gave to the document of a file, and who else had it. */
const earlierOf = Effect.fnUntraced(function* (folder: string, listed: string) {
  const path = yield* Path.Path
  const name = earlierNameOf(path.parse(listed).name)
  return { name, siblings: yield* siblingsOf(folder, listed, name) }
})

/** The mistakes in a document, and how to give what is missing. */
const refusalOf = (
  { issues, missing = [] }: FormaUnreadable,
  refuse: (issues: FormaUnreadable["issues"]) => CommandFailure,
): CommandFailure => (missing.length === 0 ? refuse(issues) : withLine(refuse(issues), adviceForParameters(missing)))

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
