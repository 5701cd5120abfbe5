/** Whether what the folder supplies is trusted. Nobody is asked. */
import * as Effect from "effect/Effect"
import { type Check, seconds, type Subject } from "../Check.ts"
import { type Finding, findingOf, ok, skipped, warning } from "../Finding.ts"

export const trustFinding = ({ config, misconfigured, untrusted }: Subject): Finding => {
  // What it names is not known.
  if (misconfigured !== undefined) return skipped("Not looked at, because the configuration cannot be read")
  const failure = untrusted.all
  if (failure === undefined) return ok(`All that ${config.places.folder} supplies may be used`)
  const { error, lines = [] } = failure
  if (error?.code !== "FolderNotTrusted") return findingOf(failure)
  const supplied = lines.slice(1, -1).join("\n")
  return warning(`Nobody has said yes yet to what this folder supplies:\n${supplied}`, lines.at(-1) ?? "")
}

export const trust: Check = {
  name: "trust",
  boundMillis: seconds(5),
  look: (subject) => Effect.sync(() => [trustFinding(subject)]),
}
