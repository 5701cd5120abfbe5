import type { Properties } from "../../protocol/Resource.ts"

/**
 * The properties that are held already, where others are the same to the order
 * of their keys. Most of what a plan reads and resolves is what the state has,
 * and so is not held twice.
 */
export const heldIfSame = (held: Properties, properties: Properties): Properties =>
  held === properties || JSON.stringify(held) === JSON.stringify(properties) ? held : properties
