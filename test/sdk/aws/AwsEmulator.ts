/** Suites of tests that run on an emulator of AWS, with the plugin's clients. */
import { describe, layer, type Vitest } from "@effect/vitest"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { AwsClients } from "../../../plugins/aws/src/AwsClients.ts"
import type { Emulator } from "../emulators/Emulator.ts"
import { moto, needsMoto } from "../emulators/moto.ts"

export class AwsEmulator extends Context.Service<AwsEmulator, Emulator>()("formae/test/sdk/aws/AwsEmulator") {}

/** The test functions of a suite on an emulator. */
export type It = Vitest.MethodsNonLive<AwsEmulator | AwsClients>
export type AwsTests = (it: It) => void

/** A suite with an emulator of its own. */
export const onEmulator = <E>(emulator: Effect.Effect<Emulator, E, Scope.Scope>, name: string, tests: AwsTests): void =>
  layer(Layer.merge(Layer.effect(AwsEmulator, emulator), AwsClients.layer), { excludeTestServices: true })(name, tests)

/** A suite on a moto that has nothing in it at first. */
export const onMoto = (name: string, tests: AwsTests): void => {
  describe("with moto", needsMoto, () => onEmulator(moto, name, tests))
}
