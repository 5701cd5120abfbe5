import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"

/** The checks of the run itself. A run that has looked at nothing must not pass. */
export const runDescriptions = {
  "run.started": {
    section: sections.handshake,
    title: "can be started by the agent",
    remedy: "Answer the handshake as in the example of this section, with the `requestId` in the kind of the `id`.",
  },
  "run.tested": {
    section: sections.handshake,
    title: "has a resource type that could be tested",
    remedy: "Write formae-samples.yaml beside the manifest, with a sample of each resource type.",
  },
  "run.completed": {
    section: sections.duties,
    title: "could be tested to the end",
    remedy: "Look at the checks that took long or failed first. If the provider is slow, give the run more time.",
  },
} as const satisfies Descriptions<PluginCheckId>
