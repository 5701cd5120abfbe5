/** Reads the documents that a document uses, and those that they use. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { isRecord } from "../../../protocol/isRecord.ts"
import { type LocatedText, type PlacedIssue, readText } from "../LocatedText.ts"
import { countValues } from "./countValues.ts"
import { type DocumentInputs, FileRefused, type FoundDocument } from "./DocumentInputs.ts"
import { fillLimits } from "./Allowance.ts"
import { type LoadedDocument, type LoadedPart, openDocument } from "./LoadedDocument.ts"
import { folderOf, pathFrom } from "./partPath.ts"
import type { Use } from "./Use.ts"

/** How deep parts may be nested, and how many there may be: a part that is used twice may use others twice. */
export const partLimits = { depth: 8, parts: 1_000 } as const

const noFolder = "a document that has no folder cannot use others; give it as a file"

type ReadDocument<E> = NonNullable<DocumentInputs<E>["readDocument"]>

/** What a use leads to: a document, or mistakes. */
type Opened = Result.Result<readonly [FoundDocument, LocatedText], ReadonlyArray<PlacedIssue>>

class PartLoader<E> {
  readonly issues: Array<PlacedIssue> = []
  private readonly found = new Map<string, Result.Result<FoundDocument, string>>()
  private readonly texts = new Map<string, ReturnType<typeof readText>>()
  private parts = 0
  private values = 0
  private characters = 0
  private readonly inputs: Pick<DocumentInputs<E>, "files" | "readDocument">

  constructor(inputs: Pick<DocumentInputs<E>, "files" | "readDocument">) {
    this.inputs = inputs
  }

  /** Each path is read once. */
  private find(path: string): Effect.Effect<Result.Result<FoundDocument, string>, E> {
    const known = this.found.get(path)
    if (known !== undefined) return Effect.succeed(known)
    const read: ReadDocument<E> = this.inputs.readDocument ?? (() => Effect.fail(new FileRefused({ reason: noFolder })))
    return read(path).pipe(
      Effect.map((one): Result.Result<FoundDocument, string> => Result.succeed(one)),
      Effect.catchIf(isRefused, ({ reason }) => Effect.succeed(Result.fail(reason))),
      Effect.tap((one) => Effect.sync(() => this.found.set(path, one))),
    )
  }

  private textOf({ path, text }: FoundDocument): ReturnType<typeof readText> {
    const read = this.texts.get(path) ?? readText(text)
    this.texts.set(path, read)
    return read
  }

  /** Why a document cannot be used, as a sentence. */
  private objectionTo(path: string, chain: ReadonlyArray<string>): string | undefined {
    const { files = [] } = this.inputs
    const way = [...chain, path].join(" → ")
    if (chain.includes(path)) return `a document cannot be a part of itself: ${way}; take one of these uses out`
    if (files.includes(path))
      return `${path} is a file of the document already, and cannot be a part of it too: ${way}; take it out of use`
    if (chain.length > partLimits.depth)
      return `parts are nested deeper than ${partLimits.depth} levels: ${way}; use the inner ones from further out`
    this.parts += 1
    return this.parts > partLimits.parts
      ? `there are more than ${partLimits.parts} parts: ${way}; make several documents of this one`
      : undefined
  }

  private open(found: FoundDocument, chain: ReadonlyArray<string>, at: PlacedIssue): Opened {
    const refuse = (message: string) => Result.fail([{ ...at, message }])
    const objection = this.objectionTo(found.path, chain)
    if (objection !== undefined) return refuse(objection)
    const read = this.textOf(found)
    if (Result.isFailure(read)) {
      const { message, position } = read.failure
      return Result.fail([{ path: [], message, ...position, file: found.file }])
    }
    return isRecord(read.success.value)
      ? Result.succeed([found, read.success])
      : refuse(`${found.path} is not a document; write its resources and outputs into it, or use another one`)
  }

  /** Whether there is room for one more document. Its depth is known to be bounded. */
  private hasRoom(value: unknown): boolean {
    const size = countValues(value)
    this.values += size.values
    this.characters += size.characters
    return this.values <= fillLimits.values && this.characters <= fillLimits.characters
  }

  /** The parts of a document. `chain` has the paths of it and of what uses it. */
  private load(
    user: LoadedDocument,
    uses: ReadonlyArray<Use>,
    chain: ReadonlyArray<string>,
  ): Effect.Effect<LoadedDocument, E> {
    return Effect.map(
      Effect.forEach(uses, (use) => this.loadPart(user, use, chain)),
      (parts) => ({ ...user, parts: parts.flat() }),
    )
  }

  /** The part that a use leads to, if it is one. */
  loadPart(user: LoadedDocument, use: Use, chain: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<LoadedPart>, E> {
    const path = ["use", use.name, "document"]
    const at = { path, message: "", ...user.locate(path) }
    return Effect.flatMap(this.find(pathFrom(user.folder, use.document)), (found) => {
      const opened: Opened = Result.isFailure(found)
        ? Result.fail([{ ...at, message: found.failure }])
        : this.open(found.success, chain, at)
      if (Result.isFailure(opened)) {
        this.issues.push(...opened.failure)
        return Effect.succeed([])
      }
      const [{ file, path: real }, { locate, value }] = opened.success
      const inFile: LocatedText["locate"] = (place) => ({ line: 1, column: 1, ...locate(place), file })
      const { document, issues, uses } = openDocument({ locate: inFile, value }, { file, folder: folderOf(real) })
      if (issues.length === 0 && !this.hasRoom(value)) {
        const way = [...chain, real].join(" → ")
        const message = `what is used makes the document larger than ${fillLimits.values} values or ${fillLimits.characters} characters: ${way}; make several documents of this one`
        this.issues.push({ ...at, message })
        return Effect.succeed([])
      }
      this.issues.push(...issues)
      if (issues.length > 0) return Effect.succeed([])
      return Effect.map(this.load(document, uses, [...chain, real]), (loaded) => [{ use, document: loaded }])
    })
  }
}

const isRefused = <E>(error: E | FileRefused): error is FileRefused => Predicate.isTagged(error, "FileRefused")

/** The document with all of its parts. Fails with every mistake that was found. */
export const loadDocument = Effect.fnUntraced(function* <E>(
  source: LocatedText,
  inputs: Pick<DocumentInputs<E>, "files" | "readDocument">,
): Effect.fn.Return<Result.Result<LoadedDocument, ReadonlyArray<PlacedIssue>>, E> {
  const { document, issues, uses } = openDocument(source, { file: undefined, folder: "" })
  if (uses.length === 0) return issues.length === 0 ? Result.succeed(document) : Result.fail(issues)
  const loader = new PartLoader<E>(inputs)
  const { files = [] } = inputs
  const chainOf = ({ name }: Use) =>
    files.length === 1 ? files : [source.locate(["use", name])?.file ?? "the document"]
  const parts = yield* Effect.forEach(uses, (use) => loader.loadPart(document, use, chainOf(use)))
  const loaded = { ...document, parts: parts.flat() }
  const all = [...issues, ...loader.issues]
  return all.length === 0 ? Result.succeed(loaded) : Result.fail(all)
})
