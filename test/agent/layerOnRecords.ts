/** The agent with its updater, over a coordinator and records that the test provides. */
import * as Layer from "effect/Layer"
import { Agent } from "../../src/agent/Agent.ts"
import { ChangeEvents } from "../../src/agent/apply/ChangeEvents.ts"
import { ResourceUpdater } from "../../src/agent/apply/ResourceUpdater.ts"
import { Claims } from "../../src/agent/records/Claims.ts"
import { DocumentOutputs } from "../../src/agent/records/DocumentOutputs.ts"
import { Documents } from "../../src/agent/records/Documents.ts"
import { LastReads } from "../../src/agent/records/LastReads.ts"
import { StopRequests } from "../../src/agent/operations/StopRequests.ts"

export const layerOnRecords = Agent.layerNoDeps.pipe(
  Layer.provide(ResourceUpdater.layerNoDeps),
  Layer.provide([
    ChangeEvents.layer,
    Claims.layer,
    DocumentOutputs.layer,
    Documents.layer,
    LastReads.layer,
    StopRequests.layer,
  ]),
)
