/** What a plan is made of, in short: wanted resources and existing resources. */
import { labelsReferredTo } from "../../../src/agent/forma/References.ts"
import type { ExistingResource, WantedResource } from "../../../src/agent/plan/Change.ts"
import { NativeId } from "../../../src/protocol/Identity.ts"
import type { Properties, TargetConfig, TypeCapabilities } from "../../../src/protocol/Resource.ts"
import { thing } from "./capabilities.ts"

export const here: TargetConfig = { region: "here" }

export const wanted = (
  label: string,
  properties: Properties = {},
  more: Partial<WantedResource> = {},
): WantedResource => {
  const capabilities: TypeCapabilities = more.capabilities ?? thing
  return {
    resource: { label, type: capabilities.type, target: "here", properties },
    targetConfig: here,
    capabilities,
    ...more,
  }
}

/** A resource as it was last applied. `properties` may have references, and `resolved` has their values. */
export const existing = (
  label: string,
  properties: Properties = {},
  resolved: Properties = properties,
  more: Partial<ExistingResource> = {},
): ExistingResource => ({
  row: {
    forma: "forma",
    label,
    type: thing.type,
    target: "here",
    targetConfig: here,
    place: null,
    nativeId: NativeId.make(`id-${label}`),
    desired: resolved,
    actual: resolved,
    dependsOn: labelsReferredTo(properties),
  },
  prior: resolved,
  actual: { Id: `id-${label}`, ...resolved },
  ...more,
})

/** A resource that no longer exists, or could not be read. */
export const notRead = ({ prior, row }: ExistingResource): ExistingResource => ({ prior, row })

export const byLabel = (...found: ReadonlyArray<ExistingResource>): ReadonlyMap<string, ExistingResource> =>
  new Map(found.map((one) => [one.row.label, one]))
