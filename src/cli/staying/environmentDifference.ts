/** Which variables are not the same for an agent as for a command that runs on it, as far as they matter there: a pure decision. */
import { meaningOf } from "../../agent/configuration/variableOf.ts"
import { isAlwaysAllowed, isAskedFor } from "../../agent/launch/LaunchEnvironment.ts"
import { digestOf } from "../../control/mapping/environmentDigests.ts"
import { variableKey } from "../../platform/Platform.ts"

export interface ComparedEnvironments {
  /** The environment of the agent. */
  readonly own: Readonly<Record<string, string | undefined>>
  /** The digests of that of the command. */
  readonly digests: Readonly<Record<string, string>>
  readonly salt: string
  /** The variables that manifests and the configuration of plugins ask for. A `*` at the end stands for the rest of a name. */
  readonly asked: ReadonlyArray<string>
  readonly platform: string
}

/** The parts of a configuration that decide what a plugin does. The others are for the agent alone. */
const ofPlugins: ReadonlySet<string> = new Set(["onlyPlugins", "operator", "plugin", "plugins", "supervision"])

const isSetting = (name: string): boolean => {
  const meaning = meaningOf(name)
  return meaning._tag === "Sets" && ofPlugins.has(meaning.path[0] ?? "")
}

/**
 * The names that are different. What every program sees, such as `PATH`, is left
 * out, but for the home folder, where credentials are. A setting counts if the
 * command has it: an agent may be configured where its commands need not be.
 */
export const environmentDifference = ({
  asked,
  digests,
  own,
  platform,
  salt,
}: ComparedEnvironments): ReadonlyArray<string> => {
  const keyOf = (name: string) => variableKey(platform, name)
  const patterns = asked.map(keyOf)
  const isForPlugins = (name: string) =>
    name === "HOME" || (!isAlwaysAllowed(name) && isAskedFor(patterns, keyOf(name)))
  const ownByKey = new Map(
    Object.entries(own).flatMap(([name, value]) =>
      value === undefined ? [] : [[keyOf(name), digestOf(salt, value)] as const],
    ),
  )
  const given = new Map(Object.entries(digests).map(([name, digest]) => [keyOf(name), digest]))
  const isDifferent = (name: string) => ownByKey.get(keyOf(name)) !== given.get(keyOf(name))
  const here = Object.keys(digests).filter((name) => isSetting(name) || isForPlugins(name))
  const there = Object.keys(own).filter(isForPlugins)
  return [...new Set([...here, ...there])].filter(isDifferent).toSorted()
}
