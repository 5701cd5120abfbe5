/** What happens to drift where neither the resource nor its target says so. */
import * as Context from "effect/Context"
import type { DriftPolicy } from "./FormaDocument.ts"

/** `report` by default. Read when the layer of an agent is built. */
export const DefaultDriftPolicy = Context.Reference<DriftPolicy>("formae/agent/forma/DefaultDriftPolicy", {
  defaultValue: () => "report",
})
