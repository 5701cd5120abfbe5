import { agentSuite } from "./agentSuite.ts"
import { careSuite } from "./careSuite.ts"
import { discoverySuite } from "./discoverySuite.ts"
import { importSuite } from "./importSuite.ts"
import { layerAgent, layerOverApi } from "./remoteAgent.ts"
import { statefulSuite } from "./statefulSuite.ts"
import { suspendedSuite } from "./suspendedSuite.ts"

for (const [name, layerOf] of [
  ["in this process", layerAgent],
  ["over its API", layerOverApi],
] as const) {
  agentSuite(name, layerOf)
  careSuite(name, layerOf)
  discoverySuite(name, layerOf)
  importSuite(name, layerOf)
  suspendedSuite(name, layerOf)
  statefulSuite(name, layerOf)
}
