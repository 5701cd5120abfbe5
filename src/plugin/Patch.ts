/** What an update's patch says of one property. */
import type { UpdateRequest } from "../protocol/Operation.ts"

/**
 * Whether the property was wanted before and is not any more, so that the
 * service's default is due. One that was never spoken of is left as it is.
 */
export const isRemoved = (patch: UpdateRequest["patch"], name: string): boolean =>
  patch.some(({ op, path }) => op === "remove" && path === `/${name}`)

/** Whether the patch speaks of the property, or of something in it. */
export const isChanged = (patch: UpdateRequest["patch"], name: string): boolean =>
  patch.some(({ path }) => path === `/${name}` || path.startsWith(`/${name}/`))

/** What an update asks for: `unset` where the property is not wanted any more, undefined where nothing is said of it. */
export const wanted = <P, Name extends keyof P & string, Unset>(
  { desired, patch }: { readonly desired: P; readonly patch: UpdateRequest["patch"] },
  name: Name,
  unset: Unset,
): P[Name] | Unset | undefined => desired[name] ?? (isRemoved(patch, name) ? unset : undefined)
