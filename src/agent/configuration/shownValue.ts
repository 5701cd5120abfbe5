/** A value of a configuration, as it may be shown. */
import * as Predicate from "effect/Predicate"
import { isRecord } from "../../protocol/isRecord.ts"

/** What goes to a plugin may be secret, so that only the names are shown. */
const isForPlugin = (path: ReadonlyArray<string>): boolean =>
  path.length === 3 && path[0] === "plugin" && path[2] === "settings"

/** A text for people. What may be a secret is not in it. */
export const shownValue = (path: ReadonlyArray<string>, value: unknown): string => {
  if (isForPlugin(path) && isRecord(value)) return `${Object.keys(value).join(", ")} (values are not shown)`
  return Predicate.isString(value) ? value : JSON.stringify(value)
}

/** The same as data: `{ "secret": true }` stands for each value that may be a secret. */
export const shownData = (path: ReadonlyArray<string>, value: unknown): unknown =>
  isForPlugin(path) && isRecord(value)
    ? Object.fromEntries(Object.keys(value).map((name) => [name, { secret: true }]))
    : value
