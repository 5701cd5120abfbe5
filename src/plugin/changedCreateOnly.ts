/** Guards what cannot be changed after create. */
import * as Equal from "effect/Equal"
import * as Predicate from "effect/Predicate"
import { canonicalValue } from "../protocol/canonicalValue.ts"
import type { UpdateRequest } from "../protocol/Operation.ts"
import { childOf, pathTreeOf } from "../protocol/PathTree.ts"
import type { Properties, TypeCapabilities } from "../protocol/Resource.ts"
import { ownValue } from "../protocol/ownValue.ts"

interface Declared {
  readonly capabilities: TypeCapabilities
  readonly canonical?: ((properties: Properties) => Properties) | undefined
}

/**
 * A property that the update would change although it is `createOnly`. The agent
 * should have replaced the resource instead. What a provider fills in by itself,
 * such as a part of an object, does not count as a change.
 */
export const changedCreateOnly = (
  { canonical = (properties) => properties, capabilities }: Declared,
  { desired, prior }: Pick<UpdateRequest, "desired" | "prior">,
): string | undefined =>
  Object.keys(desired).find((name) => {
    const { createOnly = false, unordered = false } = ownValue(capabilities.properties, name) ?? {}
    const node = childOf(pathTreeOf(capabilities), name)
    const [now, then] = [prior, desired].map((properties) => {
      const value = ownValue(canonical(properties), name)
      return value === undefined ? undefined : canonicalValue(value, node)
    })
    const updatable = ownValue(node?.traits.updatable, String(now ?? node?.traits.default)) ?? []
    if (updatable.some((one) => Equal.equals(one, then))) return false
    return createOnly && !unordered && isPlain(now) && isPlain(then) && !Equal.equals(now, then)
  })

/** A value that a provider cannot extend, or a list of such values. */
const isPlain = (value: Properties[string] | undefined): boolean =>
  value !== undefined && (Array.isArray(value) ? value.every(isPlain) : !Predicate.isObject(value))
