/** A value of a configuration, as it may be shown. */
import * as Predicate from "effect/Predicate"
import { isRecord } from "../../protocol/isRecord.ts"

/** What goes to a plugin may be secret, so that only the names are shown. */
const isForPlugin = (path: ReadonlyArray<string>): boolean =>
  path.length === 3 && path[0] === "plugin" && (path[2] === "settings" || path[2] === "environment")

/** `{ env: NAME }` says where a value is, and is not the value. */
const isPointer = (path: ReadonlyArray<string>, value: unknown): value is { readonly env: string } =>
  path[2] === "environment" && isRecord(value) && Predicate.isString(value["env"])

const shownName = (path: ReadonlyArray<string>, name: string, value: unknown): string =>
  isPointer(path, value) ? `${name} from the variable ${value.env}` : `${name} (value is not shown)`

/** A text for people. What may be a secret is not in it. */
export const shownValue = (path: ReadonlyArray<string>, value: unknown): string => {
  if (isForPlugin(path) && isRecord(value)) {
    return Object.entries(value)
      .map(([name, one]) => shownName(path, name, one))
      .join(", ")
  }
  return Predicate.isString(value) ? value : JSON.stringify(value)
}

/** The same as data: `{ "secret": true }` stands for each value that may be a secret. */
export const shownData = (path: ReadonlyArray<string>, value: unknown): unknown =>
  isForPlugin(path) && isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, one]) => [name, isPointer(path, one) ? one : { secret: true }]),
      )
    : value
