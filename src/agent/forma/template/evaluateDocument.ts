/** Evaluates one document, and then its parts with what it gives them. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { isRecord } from "../../../protocol/isRecord.ts"
import type { FormaIssue } from "../FormaDocument.ts"
import { type PlacedIssue, placeIssues } from "../LocatedText.ts"
import { Allowance } from "./Allowance.ts"
import { decodeParameters } from "./decodeParameters.ts"
import type { DocumentInputs } from "./DocumentInputs.ts"
import { fillTemplate, type TemplateValue } from "./fillTemplate.ts"
import { localLabels, renameIn, withPrefix } from "./labelsInPart.ts"
import type { LoadedDocument, LoadedPart } from "./LoadedDocument.ts"
import { lookupIn } from "./lookupIn.ts"
import { parameterOrDefault } from "./parameterOrDefault.ts"
import { patternsFor } from "./parameterPatterns.ts"
import { partParameters, withDefaults } from "./partParameters.ts"
import type { FileTexts } from "./readFiles.ts"
import { unknownParameters } from "./unknownParameters.ts"

/** A document with nothing left that stands for a parameter, a variable or a file, and with its labels in the whole. */
export interface EvaluatedDocument extends Pick<LoadedDocument, "content" | "file" | "locate"> {
  /** The name of the part in the whole document. Undefined for the document itself. */
  readonly part: string | undefined
  /** The names of the parts that it is in, itself included. */
  readonly within: ReadonlyArray<string>
  /** Where a part is used. */
  readonly usedAt: PlacedIssue | undefined
}

/** Where a part is used. */
interface UsedPlace {
  readonly prefix: string
  readonly usedAt: PlacedIssue
  /** The names of the parts that its user is in. */
  readonly within: ReadonlyArray<string>
}

/** Evaluates a document and its parts. What is wrong is collected in `issues`. */
export class Evaluation {
  readonly issues: Array<PlacedIssue> = []
  readonly documents: Array<EvaluatedDocument> = []
  private readonly allowance = new Allowance()
  private isFull = false
  private readonly inputs: Pick<DocumentInputs, "variable">
  private readonly files: FileTexts

  constructor(inputs: Pick<DocumentInputs, "variable">, files: FileTexts) {
    this.inputs = inputs
    this.files = files
  }

  private refuse({ locate }: Pick<LoadedDocument, "locate">, issues: ReadonlyArray<FormaIssue>): void {
    this.issues.push(...placeIssues(issues, locate))
  }

  /** Whether there is room for a value that a part brings. Where there is none, no other part is evaluated. */
  private hasRoom(value: unknown, usedAt: PlacedIssue | undefined): boolean {
    if (this.isFull || usedAt === undefined) return !this.isFull
    const message = this.allowance.spend(value, 0)
    if (message === undefined) return true
    this.isFull = true
    this.issues.push({ ...usedAt, message })
    return false
  }

  /** Evaluates a document that has the values of its parameters. `prefix` is undefined where it is not a part. */
  evaluate(
    document: LoadedDocument,
    values: ReadonlyMap<string, TemplateValue>,
    prefix?: string,
    where: Pick<EvaluatedDocument, "part" | "usedAt" | "within"> = { part: undefined, usedAt: undefined, within: [] },
  ): Effect.Effect<void> {
    const lookup = lookupIn(document, this.inputs, values, this.files)
    const rename = prefix === undefined ? undefined : renameIn(prefix, localLabels(document, lookup))
    // Most documents need nothing, and may be large.
    const filled =
      document.needs.length === 0 && rename === undefined
        ? { value: document.content, issues: [] }
        : fillTemplate(document.content, { lookup, rename })
    this.refuse(document, filled.issues)
    const content = isRecord(filled.value) ? filled.value : {}
    const labelled =
      prefix === undefined || rename === undefined ? { content, issues: [] } : withPrefix(content, prefix, rename)
    this.refuse(document, labelled.issues)
    if (!this.hasRoom(labelled.content, where.usedAt)) return Effect.void
    this.documents.push({ ...where, content: labelled.content, file: document.file, locate: document.locate })
    return Effect.forEach(
      document.parts,
      (part) => {
        const path = ["use", part.use.name, "parameters"]
        const given = fillTemplate(part.use.parameters, { lookup, rename }, path)
        this.refuse(document, given.issues)
        if (given.issues.length > 0 || !isRecord(given.value)) return Effect.void
        const usedAt = { path: ["use", part.use.name], message: "", ...document.locate(["use", part.use.name]) }
        if (!this.hasRoom(given.value, usedAt)) return Effect.void
        return this.evaluatePart(document, part, given.value, { prefix: prefix ?? "", usedAt, within: where.within })
      },
      { discard: true },
    )
  }

  private evaluatePart(
    user: LoadedDocument,
    { document, use }: LoadedPart,
    given: { readonly [name: string]: unknown },
    { prefix, usedAt, within }: UsedPlace,
  ): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const compile = yield* patternsFor(document.declared)
      const decoded = yield* Effect.result(decodeParameters(document.declared, compile))
      if (Result.isFailure(decoded)) return this.refuse(document, decoded.failure)
      const declared = decoded.success
      const unknown = unknownParameters(document.needs, declared)
      if (unknown.length > 0) return this.refuse(document, unknown)
      const chosen = partParameters(use, given, declared, compile)
      this.refuse(user, chosen.issues)
      if (chosen.issues.length > 0) return
      const all = withDefaults(declared, chosen.values, (parameter) =>
        parameterOrDefault(parameter, new Map(), this.inputs, compile),
      )
      this.refuse(document, all.issues)
      if (all.issues.length > 0) return
      const part = prefix + use.name
      yield* this.evaluate(document, all.values, prefix + use.prefix, { part, usedAt, within: [...within, part] })
    })
  }
}
