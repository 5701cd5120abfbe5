import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { layerLocal } from "../../src/plugin/LocalOperator.ts"
import { PluginOperator } from "../../src/protocol/PluginOperator.ts"
import { plugin } from "../fixtures/plugins/suite/plugin.ts"
import { operatorSuite } from "./operatorSuite.ts"
import { overMemory } from "./overMemory.ts"

operatorSuite("in process", layerLocal(plugin), "test")

operatorSuite(
  "over a pipe in memory",
  Layer.effect(
    PluginOperator,
    Effect.map(Effect.orDie(overMemory(plugin)), ({ operator }) => operator),
  ),
  "test",
)
