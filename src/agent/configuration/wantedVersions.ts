import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as SemVerRange from "effect/SemVerRange"
import type { WantedVersions } from "../catalog/CatalogChoice.ts"
import { describeOrigin, type Setting } from "./Setting.ts"

/** Which versions of each plugin may be used, and where that is given. */
export const wantedVersions =
  (given: ReadonlyArray<Setting>): WantedVersions =>
  (plugin) => {
    const setting = given.findLast(
      ({ path: [section, name, field] }) => section === "plugin" && name === plugin && field === "version",
    )
    if (setting === undefined || !Predicate.isString(setting.value)) return undefined
    const range = SemVerRange.parse(setting.value)
    return Result.isFailure(range) ? undefined : { range: range.success, saidBy: describeOrigin(setting.origin) }
  }
