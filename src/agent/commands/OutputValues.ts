/** The outputs of a document after an apply: what they are now, and which of them are secret. Pure. */
import * as Schema from "effect/Schema"
import type { Properties } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { hasSecret } from "../forma/Expression.ts"
import { findReferences, isReference, resolveReferences, valueAt } from "../forma/References.ts"
import { type Change, isSecretProperty } from "../plan/Change.ts"

/** An output as it is shown. A secret is not. */
export const ShownOutput = Schema.Union([
  Schema.Struct({
    /** The value. */
    value: Schema.Json,
  }),
  Schema.Struct({
    /** It has a value, which is secret. */
    secret: Schema.Literal(true),
  }),
])
export type ShownOutput = typeof ShownOutput.Type | never

/** An output that is known now. */
export interface OutputValue {
  readonly value: Schema.Json
  readonly isSecret: boolean
}

/** The outputs whose values are known. `actual` has what the provider has for each label. */
export const evaluateOutputs = (
  outputs: Properties,
  changes: ReadonlyArray<Change>,
  actual: ReadonlyMap<string, Properties>,
): Readonly<Record<string, OutputValue>> => {
  const isSecretOutput = secretOutputsOf(changes)
  const { properties } = resolveReferences(outputs, (label, path) => valueAt(actual.get(label) ?? {}, path))
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => {
      return [name, { value, isSecret: isSecretOutput(ownValue(outputs, name) ?? null) }]
    }),
  )
}

/** Whether an output is secret: by its document, or because it refers to what is, or may be. */
export const secretOutputsOf = (changes: ReadonlyArray<Change>): ((written: Schema.Json) => boolean) => {
  const wanted = new Map(changes.map((change) => [change.label, change.wanted]))
  const isSecret = (label: string, name: string): boolean => {
    const capabilities = wanted.get(label)?.capabilities
    return capabilities === undefined || isSecretProperty(capabilities)(name)
  }
  return (written) =>
    hasSecret(written) ||
    findReferences(written).some((one) => isReference(one) && isSecret(one.label, one.property[0] ?? ""))
}

/** Outputs as they are shown. */
export const shownOutputs = (outputs: Readonly<Record<string, OutputValue>>): Readonly<Record<string, ShownOutput>> =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, { isSecret, value }]): [string, ShownOutput] => [
      name,
      isSecret ? { secret: true } : { value },
    ]),
  )
