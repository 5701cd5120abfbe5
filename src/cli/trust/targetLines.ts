/** What is in the targets of a document, a line for each value. Pure. */
import { isRecord } from "../../protocol/isRecord.ts"

const isEmpty = (value: unknown): boolean => isRecord(value) && Object.keys(value).length === 0

/** A value that stands for another one, such as `{ $param: name }`, is shown whole. */
const isWhole = (value: unknown): boolean =>
  typeof value !== "object" ||
  value === null ||
  Object.keys(value).length === 0 ||
  Object.keys(value).some((key) => key.startsWith("$"))

const textOf = (value: unknown): string =>
  isRecord(value) && Object.hasOwn(value, "$secret") ? "(secret)" : (JSON.stringify(value) ?? "")

/** Secrets are not shown. */
export const targetLines = (value: unknown, path: ReadonlyArray<string> = []): ReadonlyArray<string> => {
  if (value === undefined || (path.length === 0 && isEmpty(value))) return []
  if (isWhole(value)) return [path.length === 0 ? textOf(value) : `${path.join(".")}: ${textOf(value)}`]
  return Object.entries(value as object).flatMap(([key, item]) => targetLines(item, [...path, key]))
}
