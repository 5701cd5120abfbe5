import { anyName, configurationFields } from "./ConfigurationField.ts"
import type { Setting } from "./Setting.ts"

const keyOf = (path: ReadonlyArray<string>): string => JSON.stringify(path)

/**
 * What holds: of several for the same value the last one, and the default of
 * each value that is not given. What is given for single plugins comes last. A
 * value without a default that is not given is left out.
 */
export const effectiveSettings = (given: ReadonlyArray<Setting>): ReadonlyArray<Setting> => {
  const last = new Map(given.map((one) => [keyOf(one.path), one]))
  const ofAll = configurationFields().filter(({ path }) => !path.includes(anyName))
  const known = new Set(ofAll.map(({ path }) => keyOf(path)))
  return [
    ...ofAll.flatMap((field): ReadonlyArray<Setting> => {
      const setting = last.get(keyOf(field.path))
      if (setting !== undefined) return [setting]
      if (field.default === undefined) return []
      return [{ path: field.path, value: field.default, origin: { _tag: "Default" } }]
    }),
    ...[...last.values()].filter(({ path }) => !known.has(keyOf(path))),
  ]
}
