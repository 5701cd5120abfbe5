/** Reads one resource of the inventory, and compares it with what was wanted of it last. */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import { CanonicalForms } from "../operations/CanonicalForms.ts"
import { ChangeFailed } from "../operations/ChangeFailed.ts"
import { ResourceReader } from "../operations/ResourceReader.ts"
import { driftedPlaces, ignoredByRow } from "./Drift.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import type { FoundNow } from "../records/LastRead.ts"
import { withSealedProperties } from "../secrets/secretProperties.ts"
import { Seals, withoutSecrets } from "../secrets/Seals.ts"
import { namespaceOf } from "../../protocol/Identity.ts"
import type { TargetConfig } from "../../protocol/Resource.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"

/** Why a resource was not read. */
export type DriftReadError = ChangeFailed | NamespaceUnknown | PluginUnavailable

export const makeDriftRead = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator
  const forms = yield* CanonicalForms
  const reader = yield* ResourceReader
  const seals = yield* Seals

  /** Undefined where the resource no longer exists. `config` is that of its target, by which it is reached. */
  return Effect.fn("Drift.read")(function* (
    row: InventoryRow,
    config: TargetConfig,
  ): Effect.fn.Return<FoundNow, DriftReadError> {
    const types = yield* coordinator.capabilities(namespaceOf(row.type))
    const declared = types.get(row.type)
    const actual = yield* reader.read(row, config)
    if (actual === undefined) return undefined
    // Which of its properties are secret is not known either. To find no difference would say that drift is over.
    if (declared === undefined) return yield* undeclared(row)
    const capabilities = withSealedProperties(declared, row.desired)
    const prior = yield* seals.open(row.desired, actual)
    const [priorForm = prior, actualForm = actual] = yield* forms.of(capabilities, [prior, actual])
    const properties = withoutSecrets(actual, capabilities)
    const canonical = { prior: priorForm, actual: actualForm }
    return {
      ...(Equal.equals(properties, row.actual) ? {} : { properties }),
      drift: driftedPlaces({ row, prior, actual, canonical, ignored: ignoredByRow(row) }, capabilities),
    }
  })
})

const undeclared = ({ nativeId, type }: InventoryRow): ChangeFailed =>
  new ChangeFailed({
    reason: { _tag: "CallFailed", condition: "OperationNotSupported" },
    message: `it was not compared, because its plugin does not have the type ${type} any more. Use a version of the plugin that has it`,
    attempts: 0,
    nativeId,
  })
