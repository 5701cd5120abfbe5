/** The configuration: the file, and the environment. */
import * as Effect from "effect/Effect"
import { type Check, seconds, type Subject } from "../Check.ts"
import { type Finding, findingOf, ok } from "../Finding.ts"

const placeOf = ({ config, flags }: Subject): string => {
  if (flags.config._tag === "Some") return flags.config.value
  return config.found?.file ?? "There is no configuration file; the defaults and the environment"
}

export const configurationFinding = (subject: Subject): Finding => {
  if (subject.misconfigured !== undefined) {
    return findingOf(subject.misconfigured, '"formae config validate FILE" checks the file once it is corrected')
  }
  const { length } = subject.config.given
  return ok(`${placeOf(subject)}: ${length === 1 ? "1 setting is" : `${length} settings are`} given`)
}

export const configuration: Check = {
  name: "configuration",
  boundMillis: seconds(5),
  look: (subject) => Effect.sync(() => [configurationFinding(subject)]),
}
