/** The address at which the configuration lets an agent listen: its certificate, its callers, and who listens there. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { formatTime } from "../../../protocol/formatTime.ts"
import { withFlags } from "../../config/flagSettings.ts"
import { aboutAgent } from "../../staying/aboutAgent.ts"
import { findAgent } from "../../staying/findAgent.ts"
import { addressText, listenAddress } from "../../staying/listenAddress.ts"
import { listenSettings } from "../../staying/listenSettings.ts"
import { validUntil } from "../../staying/tlsFiles.ts"
import { type Check, seconds } from "../Check.ts"
import { type Finding, findingOf, ok, problem, skipped, warning } from "../Finding.ts"
import { whyTaken } from "../whyTaken.ts"

/** What was found. */
export interface ListenFacts {
  readonly url: string
  readonly callers: ReadonlyArray<string>
  /** Until when its certificate counts, in milliseconds since 1970. Undefined where it has none. */
  readonly validUntil: number | undefined
  readonly now: number
  /** Where the agent of the state listens beside its socket. Undefined where none runs. */
  readonly runs: { readonly pid: number; readonly listensAt: string | null } | undefined
  /** Why nobody could listen there now. */
  readonly taken: string | undefined
}

/** Long enough to get a new one. */
const soonMillis = 14 * 24 * 60 * 60 * 1_000

const certificateFindings = ({ now, url, validUntil }: ListenFacts): ReadonlyArray<Finding> => {
  if (validUntil === undefined || validUntil - now > soonMillis) return []
  const remedy = "Put a new one in its place, and send the agent a SIGHUP"
  return validUntil > now
    ? [warning(`The certificate for ${url} counts until ${formatTime(validUntil)}`, remedy)]
    : [problem(`The certificate for ${url} is over since ${formatTime(validUntil)}`, remedy)]
}

/** Pure. */
export const listenFindings = (facts: ListenFacts): ReadonlyArray<Finding> => {
  const { callers, runs, taken, url } = facts
  const certificate = certificateFindings(facts)
  if (runs === undefined) {
    return [
      taken === undefined
        ? ok(`An agent would listen at ${url}, to callers with a token: ${callers.join(", ")}`)
        : problem(`An agent could not listen at ${url}: ${taken}`, "Free this address, or give another one"),
      ...certificate,
    ]
  }
  return [
    runs.listensAt === null
      ? warning(
          `The agent (pid ${runs.pid}) was started without the address ${url}, and does not listen there`,
          '"formae agent stop", then "formae agent --detach", starts it again',
        )
      : ok(`The agent (pid ${runs.pid}) listens at ${runs.listensAt}, to callers with a token: ${callers.join(", ")}`),
    ...certificate,
  ]
}

export const listen: Check = {
  name: "listen",
  boundMillis: seconds(15),
  look: ({ config, flags, stateFile, untrusted }) =>
    Effect.gen(function* () {
      const given = listenSettings(withFlags(flags, config))
      if (given.address === undefined && given.certificate === undefined && given.key === undefined) return []
      if (untrusted.all !== undefined) return [skipped("Not looked at, because the configuration is not trusted")]
      const address = yield* listenAddress(given, stateFile)
      if (address === undefined) return []
      const socket = yield* findAgent(stateFile)
      const runs = socket === undefined ? undefined : yield* aboutAgent({ socket })
      return listenFindings({
        url: addressText(address),
        callers: address.callers,
        validUntil: address.tls && validUntil(address.tls.cert),
        now: yield* Clock.currentTimeMillis,
        runs,
        taken: runs === undefined ? yield* whyTaken(address) : undefined,
      })
    }).pipe(Effect.catch((failure) => Effect.succeed([findingOf(failure)]))),
}
