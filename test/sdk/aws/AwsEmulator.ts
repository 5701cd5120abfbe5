/** An emulator and the plugin's clients, for a suite of tests. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { vi } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { plugin } from "../../../plugins/aws/src/plugin.ts"
import type { Emulator } from "../emulators/Emulator.ts"
import { moto } from "../emulators/moto.ts"

// Emulators take any credentials; the SDK's chain looks for some.
vi.stubEnv("AWS_ACCESS_KEY_ID", "test")
vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test")

export class AwsEmulator extends Context.Service<AwsEmulator, Emulator>()("formae/test/sdk/aws/AwsEmulator") {}

export const emulated = <E>(emulator: Effect.Effect<Emulator, E, Scope.Scope>) =>
  Layer.merge(Layer.effect(AwsEmulator, emulator), plugin.layer)

export const emulatedByMoto = emulated(moto.pipe(Effect.provide([NodeServices.layer, FetchHttpClient.layer])))
