import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { layerLocal } from "../../src/plugin/LocalOperator.ts"
import { PluginOperator } from "../../src/protocol/PluginOperator.ts"
import { plugin } from "../fixtures/plugins/suite/plugin.ts"
import { allSides } from "../transport/echo.ts"
import { operatorSuite } from "./operatorSuite.ts"
import { overMemory } from "./overMemory.ts"

operatorSuite("in process", layerLocal(plugin), "test")

for (const sides of allSides) {
  operatorSuite(
    `over a pipe in memory, by a client that is ${sides.client} and a server that is ${sides.server}`,
    Layer.effect(
      PluginOperator,
      Effect.map(Effect.orDie(overMemory(plugin, 64, sides)), ({ operator }) => operator),
    ),
    "test",
  )
}
