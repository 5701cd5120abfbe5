/** The names that the agent makes where a document leaves them out: a decision, as a function of the rule and the operation. */
import * as Equal from "effect/Equal"
import type { OperationId } from "../../protocol/Identity.ts"
import type { Naming } from "../../protocol/Naming.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"

/** What a name is made from. */
export interface NamedOperation {
  /** The name of the document. */
  readonly forma: string
  /** The label of this moment. */
  readonly label: string
  /** The operation that creates the resource: the same one always makes the same name. */
  readonly operationId: OperationId
}

/** The property that these properties leave out and the agent can make: one, or none. */
export const missingName = (
  { naming }: Pick<TypeCapabilities, "naming">,
  properties: Properties = {},
): ReadonlyArray<string> =>
  naming === undefined || Object.hasOwn(properties, naming.property) ? [] : [naming.property]

/** Whether these properties leave out a name that the agent can make. */
export const lacksName = (capabilities: Pick<TypeCapabilities, "naming">, properties: Properties = {}): boolean =>
  missingName(capabilities, properties).length > 0

/** The properties of a create, with a name where they have none and the type says how to make one. */
export const withMadeName = (
  properties: Properties,
  capabilities: Pick<TypeCapabilities, "naming">,
  operation: NamedOperation,
): Properties => {
  const { naming } = capabilities
  return naming === undefined || !lacksName(capabilities, properties)
    ? properties
    : { ...properties, [naming.property]: makeName(naming, operation, properties) }
}

/** So many letters and digits hold 60 random bits, which are never the same by chance. */
const suffixLength = 12

/** A name by a rule: readable first, then what makes it unique. */
export const makeName = (naming: Naming, { forma, label, operationId }: NamedOperation, properties: Properties) => {
  const { endings = [], letters, maxLength, prefix = "", reserved = [], separator } = naming
  const ending = endings
    .filter(({ property, value }) => Equal.equals(ownValue(properties, property), value))
    .map((one) => one.ending)
    .join("")
  const words = (text: string) => wordsOf(text, letters, separator)
  const readable = cutTo(
    maxLength - prefix.length - ending.length - separator.length - suffixLength - harmless.length,
    words(forma),
    words(label),
    separator,
  )
  const name = [readable === "" ? harmless : readable, suffixOf(operationId)].join(separator)
  const isReserved = reserved.some((beginning) => `${prefix}${name}`.toLowerCase().startsWith(beginning.toLowerCase()))
  return `${prefix}${isReserved ? harmless : ""}${name}${ending}`
}

/** Stands where a name would begin with something else than it may. */
const harmless = "x"

/** The last 60 bits of a UUID, which are random in all of its versions that are made by chance. */
const suffixOf = (operationId: OperationId): string => {
  const bits = BigInt(`0x0${operationId.replaceAll(/[^0-9a-f]/giu, "").slice(-15)}`)
  return bits.toString(36).padStart(suffixLength, "0")
}

/** The letters and digits of a text, without accents, and separators where other characters were. */
const wordsOf = (text: string, letters: Naming["letters"], separator: string): string => {
  const plain = text.normalize("NFKD").replaceAll(/\p{M}/gu, "")
  const words = (letters === "lower" ? plain.toLowerCase() : plain).split(/[^A-Za-z0-9]+/u)
  return words.filter((word) => word !== "").join(separator)
}

/** As much of the document and the label as there is room for. The label says more, so it gets at least half. */
const cutTo = (room: number, forma: string, label: string, separator: string): string => {
  const forDocument = Math.max(Math.floor((room - separator.length) / 2), room - separator.length - label.length)
  const document = withoutEnds(forma.slice(0, Math.max(0, forDocument)), separator)
  const all = document === "" ? label : `${document}${separator}${label}`
  return withoutEnds(all.slice(0, Math.max(0, room)), separator)
}

/** Begins with a letter, and does not end in a separator. */
const withoutEnds = (text: string, separator: string): string => {
  const begun = text.replace(/^[^A-Za-z]+/u, "")
  return separator !== "" && begun.endsWith(separator) ? begun.slice(0, -separator.length) : begun
}
