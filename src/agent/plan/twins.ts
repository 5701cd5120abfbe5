/** Wanted resources that may be one thing, as far as their document says. */
import { canonicalJson } from "../../protocol/canonicalJson.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { type Lookup, resolveReferences } from "../forma/References.ts"
import type { WantedResource } from "./Change.ts"

/** What a native id can follow from: the type, and what is fixed once it is created. Undefined where nothing is. */
const fixedOf = ({ capabilities, resource }: WantedResource, lookup: Lookup): string | undefined => {
  const { properties } = resolveReferences(resource.properties ?? {}, lookup)
  const fixed = Object.entries(properties).filter(
    ([name]) => ownValue(capabilities.properties, name)?.createOnly === true,
  )
  return fixed.length === 0 ? undefined : canonicalJson([resource.type, Object.fromEntries(fixed)])
}

/** The labels of those that have the same fixed properties as another one of the same type. */
export const twinsAmong = (wanted: ReadonlyArray<WantedResource>, lookup: Lookup): ReadonlySet<string> => {
  const groups = Map.groupBy(wanted, (one) => fixedOf(one, lookup))
  return new Set(
    [...groups].flatMap(([fixed, group]) =>
      fixed === undefined || group.length === 1 ? [] : group.map(({ resource }) => resource.label),
    ),
  )
}
