/** All that `formae doctor` looks at. Loaded only by it. */
import * as Effect from "effect/Effect"
import type { Check, DoctorFlags } from "./Check.ts"
import { agent } from "./checks/agent.ts"
import { clock } from "./checks/clock.ts"
import { cluster } from "./checks/cluster.ts"
import { configuration } from "./checks/configuration.ts"
import { disk } from "./checks/disk.ts"
import { holder } from "./checks/holder.ts"
import { listen } from "./checks/listen.ts"
import { node } from "./checks/node.ts"
import { orphans } from "./checks/orphans.ts"
import { plugins } from "./checks/plugins.ts"
import { providers } from "./checks/providers.ts"
import { starts } from "./checks/starts.ts"
import { state } from "./checks/state.ts"
import { trust } from "./checks/trust.ts"
import { makeSubject } from "./makeSubject.ts"
import { runChecks } from "./runChecks.ts"

export { foundLines } from "./foundLines.ts"

/** In the order in which they are told: what others rest on comes first. */
export const checks: ReadonlyArray<Check> = [
  node,
  configuration,
  trust,
  plugins,
  starts,
  state,
  holder,
  cluster,
  agent,
  listen,
  disk,
  clock,
  orphans,
  providers,
]

export const examine = (flags: DoctorFlags) =>
  Effect.flatMap(makeSubject(flags), (subject) => runChecks(checks, subject))
