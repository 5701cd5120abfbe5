/** What a plan is made from, in short: resources that are wanted, and resources that exist. */
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

/** As it was applied last: `properties` may hold references, which `resolved` has the values of. */
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
    nativeId: NativeId.make(`id-${label}`),
    desired: resolved,
    actual: resolved,
    dependsOn: labelsReferredTo(properties),
  },
  prior: resolved,
  actual: { Id: `id-${label}`, ...resolved },
  ...more,
})

/** The provider does not have it any more, or could not be asked. */
export const notRead = ({ prior, row }: ExistingResource): ExistingResource => ({ prior, row })

export const byLabel = (...found: ReadonlyArray<ExistingResource>): ReadonlyMap<string, ExistingResource> =>
  new Map(found.map((one) => [one.row.label, one]))
