/** What the patch of an update says about one property. */
import type { UpdateRequest } from "../protocol/Operation.ts"

/**
 * Whether the property was wanted before and is not wanted now, so that it must
 * go back to the service's default. A property that was never given is left as
 * it is.
 */
export const isRemoved = (patch: UpdateRequest["patch"], name: string): boolean =>
  patch.some(({ op, path }) => op === "remove" && path === `/${name}`)

/** Whether the patch changes the property, or something inside it. */
export const isChanged = (patch: UpdateRequest["patch"], name: string): boolean =>
  patch.some(({ path }) => path === `/${name}` || path.startsWith(`/${name}/`))

/**
 * The value to set: the one that is wanted, `unset` if the property is not
 * wanted any more, and undefined if the update does not change it.
 */
export const wanted = <P, Name extends keyof P & string, Unset>(
  { desired, patch }: { readonly desired: P; readonly patch: UpdateRequest["patch"] },
  name: Name,
  unset: Unset,
): P[Name] | Unset | undefined => (isChanged(patch, name) ? (desired[name] ?? unset) : undefined)

/** The properties that the update changes, of those that are wanted. */
export const changedOf = <P extends object>({
  desired,
  patch,
}: {
  readonly desired: P
  readonly patch: UpdateRequest["patch"]
}): Partial<P> => Object.fromEntries(Object.entries(desired).filter(([name]) => isChanged(patch, name))) as Partial<P>
