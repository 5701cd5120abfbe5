/** Values that can be compared and not read. */
import { createHmac } from "node:crypto"

/** The digest of one value. */
export const digestOf = (salt: string, value: string): string => createHmac("sha256", salt).update(value).digest("hex")

/** The digest of the value of each variable that is set. */
export const environmentDigests = (
  environment: Readonly<Record<string, string | undefined>>,
  salt: string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, digestOf(salt, value)] as const],
    ),
  )
