/** An agent that cannot listen at its address says where that was given. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { listenAtAddress } from "../../../src/cli/staying/listenAtAddress.ts"
import { layerServed } from "../../control/serving.ts"

const given = {
  address: { value: "127.0.0.1:7", place: "c.yaml:1:20 agent.listen.address" },
  certificate: undefined,
  key: undefined,
}

it.live("an agent whose address is taken says by whom it was given, and the way out", () =>
  Effect.gen(function* () {
    const services = yield* Layer.build(layerServed)
    const listening = (port: number) =>
      Effect.provideContext(
        listenAtAddress({ host: "127.0.0.1", port, tokens: () => "ci", callers: ["ci"] }, given, {
          record: () => Effect.void,
        }),
        services,
      )
    const first = yield* listening(0)
    const { port } = new URL(first.url)
    const { error, message } = yield* Effect.flip(listening(Number(port)))
    assert.deepEqual(
      [error?.code, message],
      [
        "ServeFailed",
        `c.yaml:1:20 agent.listen.address: The agent cannot listen at 127.0.0.1:${port}: another process listens there already. Free this address, or give another one`,
      ],
    )
  }),
)
