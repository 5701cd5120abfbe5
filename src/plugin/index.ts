/**
 * `formae/plugin`: what a plugin author links. This module must be the first
 * import of a plugin's entry file, because it seals stdout.
 */
export * as Answer from "./Answer.ts"
export { type Answer as ProviderAnswer, hasCode, ofMade, ProviderError } from "./Answer.ts"
export * as Recovered from "./Recovered.ts"
export * as Property from "./Property.ts"
export { defineResource, type ResourceDefinition, type ResourceSpec } from "./ResourceDefinition.ts"
export { layerLocal, makeLocalOperator, type LocalOperator } from "./LocalOperator.ts"
export { definePlugin, type FixedPlugin, type ResourcePlugin } from "./ResourcePlugin.ts"
export { inProcess } from "./inProcess.ts"
export * as Patch from "./Patch.ts"
export { returned } from "./Returned.ts"
export { type JsonText, jsonText } from "./JsonText.ts"
export { knownTokens } from "./ListPages.ts"
export { runPlugin } from "./runPlugin.ts"
export { servePlugin } from "./PluginServer.ts"
