/** `formae/plugin`: what a plugin is written with. Importing it changes nothing in the process. */
/** What a handler answers: `succeeded`, `deleted`, `inProgress`, `page`. */
export * as Answer from "./Answer.ts"
export { hasCode, type ProviderAnswer, ProviderError, withNativeId } from "./Answer.ts"
/** What a `recover` handler answers: `done`, `inProgress`, `notStarted`, `unknown`. */
export * as Recovered from "./Recovered.ts"
/** Traits of properties, such as `createOnly` and `opaque`. */
export * as Property from "./Property.ts"
export type { GivenProperties, KnownAttributes } from "./DeclaredProperties.ts"
export { defineResource, type ResourceDefinition, type TypedDefinition } from "./ResourceDefinition.ts"
export type { FieldsSchema, ResourceSpec, StatedIdentity, Targeted } from "./ResourceSpec.ts"
export { layerLocal, makeLocalOperator, type LocalOperator, type LocalOperatorOptions } from "./LocalOperator.ts"
export type { OperatorDriver } from "./OperatorDriver.ts"
export type { OperatorSchedules } from "./OperatorSchedules.ts"
export type { AcceptedWork } from "./OperatorState.ts"
export {
  type BareSpec,
  definePlugin,
  type FixedPlugin,
  type FixedSpec,
  type PluginSpec,
  type ResourcePlugin,
  type SettableSpec,
} from "./ResourcePlugin.ts"
export { inProcess } from "./inProcess.ts"
/** What an update says about one property. */
export * as Patch from "./Patch.ts"
export { canonicalBlock } from "../protocol/canonicalBlock.ts"
export { retryAfterIn } from "./RetryAfter.ts"
export { returned } from "./Returned.ts"
export { type JsonText, jsonText } from "./JsonText.ts"
export { knownTokens, type ListHandler, type PageRequest } from "./ListPages.ts"
export type { SettingsSchema } from "./PluginSettings.ts"
/** The keys under which a plugin writes the operation id on what it creates. */
export * as OperationKeys from "./OperationKeys.ts"
/** The requests that handlers make of their provider, under the rate limit. */
export * as Requests from "./Requests.ts"
export { runPlugin } from "./runPlugin.ts"
export type { LaunchIdentity } from "./PluginHandlers.ts"
export { servePlugin } from "./PluginServer.ts"
