/** What an agent that stays does with its state, which a runner of a cluster does in another way. */
import type { Layer } from "effect/Layer"
import type { FileSystem } from "effect/FileSystem"
import type { Path } from "effect/Path"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Agent } from "../../agent/Agent.ts"
import type { AgentRecords } from "../../agent/AgentRecords.ts"
import type {
  EventLog,
  EventRecorder,
  NodeNames,
  PluginCoordinator,
  Quarantines,
  StateInUse,
  StateLock,
  Vault,
} from "../../agent/index.ts"
import type { AgentLease } from "../../agent/launch/Lease.ts"
import type { RateShares } from "../../agent/launch/RateShares.ts"
import type { CommandRequests, EventFeed, RequestKeys } from "../../control/index.ts"
import type { CommandFailure } from "../CommandFailure.ts"

export interface AgentState {
  /** For how long the agent may act. Undefined where nobody takes over from it. */
  readonly lease: AgentLease | undefined
  /** The names of the agent's node and of its plugins' nodes. */
  readonly nodes: Layer<NodeNames>
  /** What it may use of each rate limit. Undefined where it has them for itself. */
  readonly shares: RateShares | undefined
  /** What becomes of all that is logged in it. */
  readonly log: Layer<never>
  /** Gives back what the plugins had, once they have ended. */
  readonly given: Layer<never, never, SqlClient>
  /** Which plugins it does not start any more. */
  readonly quarantines: Layer<Quarantines, never, SqlClient>
  readonly records: Layer<AgentRecords, SqlError | StateInUse, SqlClient | StateLock | Vault>
  readonly feed: Layer<EventFeed, never, EventLog | EventRecorder>
  /** Runs the commands that clients ask for. */
  readonly requests: Layer<
    CommandRequests,
    CommandFailure | SqlError,
    Agent | AgentRecords | EventFeed | FileSystem | Path | PluginCoordinator | RequestKeys | SqlClient | Vault
  >
}
