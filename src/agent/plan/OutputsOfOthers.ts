/** Puts the outputs of other documents into a forma, as the state has them. */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { ownValue } from "../../protocol/ownValue.ts"
import { literalOf, mapExpressions } from "../forma/Expression.ts"
import type { FormaIssue } from "../forma/FormaDocument.ts"
import type { Forma } from "../forma/Forma.ts"
import { knownNames, nearestName } from "../forma/nearestName.ts"
import { documentsUsedBy, mapValues, outputNameOf, reservedIn } from "../forma/outputReferences.ts"
import { unfitMessage } from "../forma/References.ts"
import { formatText, type TextPart } from "../forma/TextTemplate.ts"
import { DocumentOutputs, type OutputsOfDocument } from "../records/DocumentOutputs.ts"

interface Opened {
  readonly value: Schema.Json
  readonly isSecret: boolean
}

/** The outputs of documents, opened, by the name of the document and that of the output. */
type Known = ReadonlyMap<string, Readonly<Record<string, Opened>>>

export const makeOutputsOfOthers = Effect.gen(function* () {
  const outputs = yield* DocumentOutputs

  const openAll = Effect.fnUntraced(function* (stored: OutputsOfDocument["outputs"]) {
    const opened = yield* Effect.forEach(Object.entries(stored), ([name, one]) =>
      Effect.map(outputs.open(one), (value) => [name, { value, isSecret: "locked" in one }] as const),
    )
    return Object.fromEntries<Opened>(opened)
  })

  /** The forma with those outputs in place, or what is wrong with them. Reads nothing where none is used. */
  return Effect.fnUntraced(function* (forma: Forma) {
    const used = documentsUsedBy(forma)
    const nothing: ReadonlyArray<FormaIssue> = []
    if (used.length === 0) return { forma, issues: nothing }
    const { damaged, readable: all } = yield* outputs.list
    const unreadable = damaged.find((one) => used.includes(one.forma))
    if (unreadable !== undefined) return yield* unreadable.error
    const known: Known = new Map(
      yield* Effect.forEach(
        all.filter((one) => used.includes(one.forma)),
        (one) => Effect.map(openAll(one.outputs), (opened) => [one.forma, opened] as const),
      ),
    )
    const issues = objections(forma, known, all)
    return issues.length > 0 ? { forma, issues } : withOutputs(forma, known)
  })
})

const objections = (forma: Forma, known: Known, all: ReadonlyArray<OutputsOfDocument>): ReadonlyArray<FormaIssue> =>
  reservedIn(forma, "output").flatMap(({ names, path }) => {
    const { document, name } = outputNameOf(names)
    const message = objectionTo(forma.name, document, name, known, all)
    return message === undefined ? [] : [{ path, message }]
  })

const objectionTo = (
  own: string,
  document: string,
  name: string,
  known: Known,
  all: ReadonlyArray<OutputsOfDocument>,
): string | undefined => {
  if (document === own) return "a document cannot use its own outputs; refer to the resource itself with $ref"
  const found = known.get(document)
  if (found === undefined) {
    const others = all.flatMap(({ forma }) => (forma === own ? [] : [forma]))
    const nearest = nearestName(document, others)
    const wayOut = nearest === undefined ? "apply it first" : `did you mean ${nearest}?`
    return `the state has no outputs of the document ${document}; ${wayOut}`
  }
  if (usersOf(document, all).has(own)) {
    return `${own} and ${document} would use each other's outputs, in a circle; put what both need into a third document`
  }
  return ownValue(found, name) === undefined
    ? `the document ${document} has no output ${name}; ${knownNames(name, "outputs", Object.keys(found))}`
    : undefined
}

/** The documents that a document uses, also through others. */
const usersOf = (document: string, all: ReadonlyArray<OutputsOfDocument>): ReadonlySet<string> => {
  const uses = new Map(all.map((one) => [one.forma, one.uses]))
  const reached = new Set<string>()
  const waiting = [document]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const one of uses.get(next) ?? []) {
      if (!reached.has(one)) waiting.push(one)
      reached.add(one)
    }
  }
  return reached
}

/** What is secret stays so: the whole text that it is a part of, too. */
const withOutputs = (forma: Forma, known: Known) => {
  const issues: Array<FormaIssue> = []
  const find = (names: ReadonlyArray<string>): Opened | undefined => {
    const { document, name } = outputNameOf(names)
    return ownValue(known.get(document) ?? {}, name)
  }
  const fillText = (parts: ReadonlyArray<TextPart>): Schema.Json => {
    let isSecret = false
    const filled = parts.map((part): TextPart => {
      const opened = part._tag === "Value" && part.path[0] === "output" ? find(part.path.slice(1)) : undefined
      if (opened === undefined) return part
      isSecret ||= opened.isSecret
      return { _tag: "Literal", text: String(opened.value) }
    })
    const text = { $text: formatText(filled) }
    return isSecret ? { $secret: text } : text
  }
  const filled = mapValues(forma, (values) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        mapExpressions(value, (expression, written) => {
          if (expression._tag === "Text") return fillText(expression.parts)
          const opened = expression._tag === "Output" ? find(expression.names) : undefined
          if (opened === undefined) return written
          // What the other document has found may look like an expression of this one.
          const value = literalOf(opened.value)
          return opened.isSecret ? { $secret: value } : value
        }),
      ]),
    ),
  )
  for (const { inText, names, path } of reservedIn(forma, "output")) {
    const value = find(names)?.value
    if (inText === true && typeof value === "object") {
      const kind = value === null ? "null" : Array.isArray(value) ? "a list" : "an object"
      issues.push({ path, message: unfitMessage(["output", ...names], kind) })
    }
  }
  return { forma: filled, issues }
}
