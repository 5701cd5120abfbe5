/** The keys of the tag that names the operation that created a resource. */
import { OperationKeys } from "formae/plugin"
import * as Context from "effect/Context"

/** The key, unless the settings say another. */
export const ownKey = "formae:operation-id"

/** What every service takes: AWS keeps `aws:` to itself, in any case. */
const isKey = (key: string): boolean => /^(?!aws:|\s)[\p{L}\p{N} +\-=._:/@]{1,128}(?<!\s)$/iu.test(key)

export const settings = OperationKeys.settings(
  ownKey,
  isKey,
  "Expected a tag key of at most 128 letters, digits, spaces and + - = . _ : / @, without spaces around it, that does not begin with aws:",
)

export type TagKeys = OperationKeys.Keys

/** The keys of this launch. */
export const TagKeys = Context.Reference<TagKeys>("@formae/plugin-aws/TagKeys", {
  defaultValue: () => OperationKeys.from(ownKey),
})
