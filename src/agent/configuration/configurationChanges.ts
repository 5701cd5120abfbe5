/** What is different between two configurations, and how far a change reaches. Pure. */
import * as Equal from "effect/Equal"
import { effectiveSettings } from "./effectiveSettings.ts"
import type { Setting } from "./Setting.ts"
import { shownValue } from "./shownValue.ts"

/**
 * Where a change takes effect.
 *
 * - `Operators`: in running plugins, from their next operation on.
 * - `Launch`: in a new launch, for which a plugin that runs is replaced.
 * - `Use`: a plugin is stopped, or may be started again.
 * - `Discovery`: in the next discovery.
 * - `Command`: in the next command. An agent does not use it.
 * - `Agent`: only in an agent that is started again.
 */
export type Reach = "Operators" | "Launch" | "Use" | "Discovery" | "Command" | "Agent"

export interface ConfigurationChange {
  readonly path: ReadonlyArray<string>
  /** Undefined where nothing held. */
  readonly from: unknown
  /** Undefined where nothing holds any more. */
  readonly to: unknown
  readonly reach: Reach
}

/** How far a change of the value at a path reaches. */
export const reachOf = ([section, setting, part]: ReadonlyArray<string>): Reach => {
  if (section === "agent" && setting === "waitMillis") return "Command"
  const subject = section === "plugin" ? part : section
  switch (subject) {
    case "operator":
      return "Operators"
    case "supervision":
    case "settings":
    case "environment":
      return "Launch"
    case "enabled":
      return "Use"
    case "discover":
      return "Discovery"
    // The state and the catalog are opened once.
    default:
      return "Agent"
  }
}

/** `before` and `after` are all that is given, as for `effectiveSettings`. */
export const configurationChanges = (
  before: ReadonlyArray<Setting>,
  after: ReadonlyArray<Setting>,
): ReadonlyArray<ConfigurationChange> => {
  const keyed = (given: ReadonlyArray<Setting>) =>
    new Map(effectiveSettings(given).map((one) => [JSON.stringify(one.path), one]))
  const [old, next] = [keyed(before), keyed(after)]
  return [...new Set([...old.keys(), ...next.keys()])].flatMap((key): ReadonlyArray<ConfigurationChange> => {
    const [one, other] = [old.get(key), next.get(key)]
    const path = (other ?? one)?.path ?? []
    const [from, to] = [one?.value, other?.value]
    return Equal.equals(from, to) ? [] : [{ path, from, to, reach: reachOf(path) }]
  })
}

/** A change as it may be shown: what may be secret is not in it. */
export const shownChange = ({ from, path, to }: ConfigurationChange) => ({
  what: path.join("."),
  from: from === undefined ? null : shownValue(path, from),
  to: to === undefined ? null : shownValue(path, to),
})

/** Why changes cannot be made while the agent runs, as lines. None if they can. */
export const objectionsToChanges = (changes: ReadonlyArray<ConfigurationChange>): ReadonlyArray<string> =>
  changes.flatMap((change) => {
    if (change.reach !== "Agent") return []
    const { from, to, what } = shownChange(change)
    return [
      `${what} cannot be changed while the agent runs: it is ${from ?? "not set"}, and would be ${to ?? "not set"}. Stop the agent and start it again`,
    ]
  })
