/** What the configuration says is done about drift by default. */
import * as Layer from "effect/Layer"
import { DefaultDriftPolicy } from "../../agent/forma/DefaultDriftPolicy.ts"
import type { AgentConfig } from "./AgentConfig.ts"

export const layerDriftPolicy = ({ drift }: Pick<AgentConfig, "drift">): Layer.Layer<never> =>
  Layer.succeed(DefaultDriftPolicy, drift?.policy ?? "report")
