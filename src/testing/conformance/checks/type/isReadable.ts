import type { PropertyTraits } from "../../../../protocol/Resource.ts"

/** Whether a read must return the value of a property that was given. */
export const isReadable = (traits: PropertyTraits | undefined): boolean =>
  traits === undefined || !(traits.writeOnly || traits.opaque)
