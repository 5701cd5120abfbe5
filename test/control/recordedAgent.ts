/** An agent that stays, with its log of events, on a state file. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent } from "../../src/agent/Agent.ts"
import { ResourceUpdater } from "../../src/agent/apply/ResourceUpdater.ts"
import { EventLog } from "../../src/agent/events/EventLog.ts"
import { EventRecorder } from "../../src/agent/events/EventRecorder.ts"
import { StateOwnership } from "../../src/agent/records/StateOwnership.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { CommandRequests } from "../../src/control/server/CommandRequests.ts"
import { layerLoggedFeed } from "../../src/control/server/EventFeedLog.ts"
import { RequestKeys } from "../../src/control/server/RequestKeys.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"

/** `log` stands in the place of its log. */
export const layerRecordedAgent = (file: string, plugin: InProcessPlugin, log = EventLog.layerNoDeps()) => {
  const held = Layer.effectDiscard(Effect.flatMap(StateOwnership, ({ hold }) => hold))
  return CommandRequests.layer.pipe(
    Layer.provideMerge(Layer.mergeAll(layerLoggedFeed, RequestKeys.layer)),
    Layer.provideMerge(Layer.mergeAll(Agent.layerNoDeps, EventRecorder.layerNoDeps)),
    Layer.provideMerge(Layer.mergeAll(log, ResourceUpdater.layerNoDeps, held)),
    Layer.provideMerge(Agent.layerRecords),
    Layer.provideMerge(PluginCoordinator.layerInProcess([plugin])),
    Layer.provideMerge(Store.layerFile(file)),
    Layer.provide(NodeServices.layer),
  )
}
