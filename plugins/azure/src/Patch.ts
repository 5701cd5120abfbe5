/** What an update's patch says of one property. */
import type { UpdateRequest } from "formae/protocol"

/**
 * Whether the property was wanted before and is not any more, so that the
 * service's default is due. One that was never spoken of is left as it is.
 */
export const isRemoved = (patch: UpdateRequest["patch"], name: string): boolean =>
  patch.some(({ op, path }) => op === "remove" && path === `/${name}`)
