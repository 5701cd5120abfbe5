import { agentSuite } from "./agentSuite.ts"
import { layerAgent, layerOverApi } from "./remoteAgent.ts"

agentSuite("in this process", layerAgent)
agentSuite("over its API", layerOverApi)
