/** Who holds the state. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { Store } from "../../../agent/index.ts"
import type { StateHolder } from "../../../agent/store/StateHolder.ts"
import { followLinks } from "../../../agent/store/StateFileLink.ts"
import { formatTime } from "../../../protocol/formatTime.ts"
import { type HolderFacts, holderFacts } from "../../holderFacts.ts"
import { type Check, seconds } from "../Check.ts"
import { type Finding, ok, problem, skipped, warning } from "../Finding.ts"
import { lookAtHolder } from "../serverFindings.ts"

const describe = ({ host, pid, since }: StateHolder): string => `pid ${pid} on ${host}, since ${formatTime(since)}`

/** Pure. */
export const holderFinding = ({ holder, isElsewhere, isLocked, mayBeThere }: HolderFacts): Finding => {
  const named = holder === undefined ? "" : ` (${describe(holder)})`
  if (isLocked)
    return ok(
      `A formae is using the state now${named}; if it is an agent that stays, commands run on it, and otherwise they are refused until it has ended`,
    )
  if (holder === undefined) return ok("Nobody holds the state")
  if (!mayBeThere) {
    return ok(
      `Nobody holds the state. Its last holder${named} ended without giving it back, and the next command takes it over`,
    )
  }
  if (!isElsewhere) return ok(`A formae is using the state now${named}`)
  return problem(
    `The state names a holder that cannot be seen from here${named}, and so every change is refused`,
    'Wait for it. If its host is gone for good, "formae unlock" frees the state',
  )
}

export const holder: Check = {
  name: "lock",
  boundMillis: seconds(15),
  look: Effect.fnUntraced(function* ({ stateFile, untrusted }) {
    const fs = yield* FileSystem.FileSystem
    const file = yield* Effect.orElseSucceed(followLinks(stateFile), () => stateFile)
    if (Store.isPostgresUrl(stateFile)) {
      if (untrusted.all !== undefined) return [skipped("Not looked at, because the state is not trusted")]
      return yield* Effect.match(lookAtHolder(stateFile), {
        onFailure: () => [skipped("Not looked at, because the state cannot be used")],
        onSuccess: (facts) => [holderFinding(facts)],
      })
    }
    if (!(yield* Effect.orElseSucceed(fs.exists(file), () => true))) return [ok("There is no state to hold")]
    if (untrusted.state !== undefined) return [skipped("Not looked at, because the state is not trusted")]
    return yield* holderFacts(file).pipe(
      Effect.map((facts) => [holderFinding(facts)]),
      Effect.orElseSucceed(() => [
        warning(
          `It cannot be found out whether somebody holds the state: ${file}.lock cannot be used`,
          "Keep the state on a local disk, where this user may read and write all files beside it",
        ),
      ]),
    )
  }),
}
